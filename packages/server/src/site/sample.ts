/**
 * The small site that a first start makes, so that there is something to try. It is a site file like any other
 * (docs/operator/site-file.md). Passwords are issued, not written here.
 */
export const SAMPLE_SITE = `# Sample site of a first start
site: 1
phones:
  - { number: "1000", name: 受付1番, kind: desk }
  - { number: "1001", name: 受付2番, kind: desk }
  - { number: "1002", name: 受付3番, kind: desk }
  - { number: "1003", name: 管理者席, kind: desk }
  - { number: "1004", name: 携帯, kind: mobile }
  - { number: "1005", name: ブラウザ, kind: browser }
callCenters:
  - { number: "7000", name: お客様窓口 }
floors:
  - name: 1階
    seats:
      - { id: "101", name: A-1 }
      - { id: "102", name: A-2 }
      - { id: "103", name: A-3 }
      - { id: "104", name: B-1 }
      - { id: "105", name: B-2 }
      - { id: "106", name: B-3 }
accounts:
  - { loginName: admin, displayName: システム管理者, role: system_administrator, builtIn: true }
  - loginName: suzuki
    displayName: 鈴木 花子
    role: supervisor
    signInPhone: "1003"
    grants:
      - { callCenter: "7000", level: edit }
      - { phone: "1000", level: edit }
      - { phone: "1001", level: edit }
      - { phone: "1002", level: edit }
  - loginName: sato
    displayName: 佐藤 一郎
    role: user
    agent: true
    signInPhone: "1000"
    callCenters: [{ number: "7000" }]
  - loginName: tanaka
    displayName: 田中 美咲
    role: user
    agent: true
    signInPhone: "1001"
    callCenters: [{ number: "7000" }]
  - loginName: takahashi
    displayName: 高橋 健
    role: user
    agent: true
    callCenters: [{ number: "7000", priority: 2 }]
`;
