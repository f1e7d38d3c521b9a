export const pagesJa = {
  group: { daily: '日常', history: '履歴', administration: '管理' },
  monitor: 'リアルタイムモニタ',
  me: 'マイアカウント',
  activity: '活動履歴',
  monitoringHistory: 'モニタリング履歴',
  accounts: 'アカウント',
  grants: '権限',
  locks: 'ダイヤル操作のロック',
  tokens: 'API トークン',
  audit: '監査ログ',
};

export const pagesEn: typeof pagesJa = {
  group: { daily: 'Daily', history: 'History', administration: 'Administration' },
  monitor: 'Realtime monitor',
  me: 'My account',
  activity: 'Activity',
  monitoringHistory: 'Monitoring history',
  accounts: 'Accounts',
  grants: 'Permissions',
  locks: 'Dial locks',
  tokens: 'API tokens',
  audit: 'Audit log',
};
