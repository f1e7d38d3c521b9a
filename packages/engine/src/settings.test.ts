import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

describe('settings from the environment', () => {
  it('have a default each, under the home of who starts', () => {
    expect(readSettings({ HOME: '/home/a' }, false)).toEqual({
      dataDir: '/home/a/.local/share/sasayaki',
      partsDir: '/home/a/.cache/sasayaki',
      bind: '127.0.0.1',
      httpPort: 8_080,
      sipPort: 5_060,
      rtpPorts: [10_000, 10_999],
      sipTiming: { phoneSilence: 120, trunkSilence: 300, holdSilence: 3_600, ask: 15, retry: 20 },
      databaseUrl: undefined,
      asterisk: undefined,
      user: undefined,
      node: 'node1',
    });
    expect(readSettings({ HOME: '/root' }, true)).toMatchObject({
      dataDir: '/var/lib/sasayaki',
      partsDir: '/var/cache/sasayaki',
    });
  });

  it('take an empty value for none', () => {
    const empty = { DATABASE_URL: '', SASAYAKI_ASTERISK: '', SASAYAKI_USER: '' };
    expect(readSettings(empty, false)).toMatchObject({ databaseUrl: undefined, asterisk: undefined });
  });

  it.each([
    ['SASAYAKI_HTTP_PORT', '0'],
    ['SASAYAKI_HTTP_PORT', '65536'],
    ['SASAYAKI_SIP_PORT', 'sip'],
    ['SASAYAKI_SIP_PORT', ''],
    ['SASAYAKI_RTP_PORTS', '10000'],
    ['SASAYAKI_RTP_PORTS', '10000-10001'],
    ['SASAYAKI_RTP_PORTS', '11000-10000'],
    ['SASAYAKI_RTP_PORTS', '80-90'],
    ['SASAYAKI_RTP_PORTS', '65000-70000'],
    ['SASAYAKI_PHONE_SILENCE', '0'],
    ['SASAYAKI_HOLD_SILENCE', '86401'],
    ['SASAYAKI_SIP_ASK', 'often'],
    ['SASAYAKI_BIND', 'localhost'],
  ])('refuse %s=%j and name it', (name, value) => {
    expect(() => readSettings({ [name]: value }, false)).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: expect.stringContaining(name) as unknown,
      }) as Error,
    );
  });
});
