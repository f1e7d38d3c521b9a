/**
 * What `npm start -- --demo` adds: a call center of its own with practice agents, practice callers and a browser phone for the top account. The
 * numbers lie at the end of their ranges, away from where people begin to number.
 */
export const PRACTICE = {
  callCenter: '7900',
  /** For the top account, when it has no phone of its own. */
  browser: '3900',
  /** Each with the login name of the agent who is signed in there. */
  agents: [
    { number: '3901', loginName: 'practice1' },
    { number: '3902', loginName: 'practice2' },
  ],
  /** Each with the language that is spoken in its calls. */
  callers: [
    { number: '3911', language: 'ja' },
    { number: '3912', language: 'en' },
    { number: '3913', language: 'ja' },
  ],
} as const;

export const PRACTICE_PHONES: readonly string[] = [
  PRACTICE.browser,
  ...PRACTICE.agents.map(({ number }) => number),
  ...PRACTICE.callers.map(({ number }) => number),
];

/** A site file like any other. Nobody is ever away or waited for: a machine answers every call, and is ready again after a few seconds. */
export const PRACTICE_SITE = `# Practice callers and agents
site: 1
phones:
  - { number: "${PRACTICE.browser}", name: 練習用ブラウザ (Practice browser), kind: browser }
${PRACTICE.agents
  .map(
    ({ number }, index) =>
      `  - { number: "${number}", name: 練習${index + 1} (Practice agent), kind: desk }\n`,
  )
  .join('')}${PRACTICE.callers
  .map(
    ({ number }, index) =>
      `  - { number: "${number}", name: 練習のお客様${index + 1} (Practice caller), kind: desk }\n`,
  )
  .join('')}callCenters:
  - { number: "${PRACTICE.callCenter}", name: 練習窓口 (Practice desk), wrapUpSeconds: 5, maxMisses: 0 }
accounts:
${PRACTICE.agents
  .map(
    ({ number, loginName }, index) =>
      `  - { loginName: ${loginName}, displayName: 練習${index + 1} (Practice), role: user, agent: true, signInPhone: "${number}", callCenters: [{ number: "${PRACTICE.callCenter}" }] }\n`,
  )
  .join('')}`;
