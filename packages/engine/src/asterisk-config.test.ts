import { describe, expect, it } from 'vitest';
import { asteriskConfig, GUARD_SECONDS, STASIS_APP } from './asterisk-config.ts';

const OPTIONS = {
  home: '/data/asterisk',
  logDir: '/data/log/asterisk',
  moduleDir: '/parts/modules',
  shareDir: '/parts/share',
  bind: '127.0.0.1',
  sipPort: 5060,
  rtpPorts: [10_000, 10_999],
  ariPort: 18_088,
  ariUser: 'sasayaki',
  ariPassword: 'secret-of-this-test',
  node: 'node1',
  unavailable: '/program/sounds/ja/service-unavailable',
  musicDir: '/program/sounds/moh',
} as const;
const files = asteriskConfig(OPTIONS);
const file = (name: string): string => files[name] ?? '';

describe('Asterisk’s configuration', () => {
  it('lets the remote interface listen on loopback only, whatever phones are offered', () => {
    const open = asteriskConfig({ ...OPTIONS, bind: '0.0.0.0' });
    expect(open['http.conf']).toContain('bindaddr = 127.0.0.1');
    expect(open['pjsip.conf']).toContain('bind = 0.0.0.0:5060');
  });

  it('writes an IPv6 address in brackets', () => {
    expect(asteriskConfig({ ...OPTIONS, bind: '::1' })['pjsip.conf']).toContain('bind = [::1]:5060');
  });

  it('has no log that would show what is dialled or keyed', () => {
    const levels = file('logger.conf')
      .split('\n')
      .filter((line) => line.includes('=>'));
    expect(levels.join()).not.toMatch(/verbose|debug|dtmf/);
    expect(file('asterisk.conf')).toMatch(/verbose = 0/);
  });

  it('keeps the password of the remote interface in the two files of what asks for it', () => {
    const holding = Object.keys(files).filter((name) => file(name).includes(OPTIONS.ariPassword));
    expect(holding).toEqual(['ari.conf', 'prometheus.conf']);
  });

  it('hides what was dialled at the first step, and guards the wait for the server', () => {
    const dialplan = file('extensions.conf');
    const first = dialplan.split('\n').find((line) => line.startsWith('exten =>'));
    expect(first).toMatch(/,1,Set\(CC_DIALED=\$\{EXTEN\}\)$/);
    expect(file('ari.conf')).toContain('channelvars = CC_DIALED,CC_PRESENTATION\n');
    expect(dialplan).toContain(`TIMEOUT(absolute)=${GUARD_SECONDS}`);
    expect(dialplan).toContain(`Stasis(${STASIS_APP})`);
    expect(dialplan).toContain(`Playback(${OPTIONS.unavailable})`);
  });

  it('answers SIP on although other queues are full', () => {
    expect(file('pjsip.conf')).toContain('taskprocessor_overload_trigger = pjsip_only');
  });
});
