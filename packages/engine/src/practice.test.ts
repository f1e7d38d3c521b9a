import { describe, expect, it } from 'vitest';
import { sidesOf } from './conversation.ts';
import { callFiles, practiceConfig } from './practice-config.ts';

const SECRET = 'secret-of-a-practice-phone';
const PLAN = {
  called: '7900',
  agents: [{ number: '3901', sipPassword: SECRET }],
  callers: [
    { number: '3911', sipPassword: SECRET, language: 'ja' },
    { number: '3912', sipPassword: SECRET, language: 'en' },
  ],
};
const files = practiceConfig({
  home: '/data/practice',
  logDir: '/data/log/practice',
  moduleDir: '/parts/modules',
  shareDir: '/parts/share',
  bind: '127.0.0.1',
  sipPort: 15_060,
  rtpPorts: [10_000, 10_999],
  ariPort: 18_089,
  ariUser: 'sasayaki',
  ariPassword: 'secret-of-this-test',
  node: 'practice',
  unavailable: '/program/sounds/ja/service-unavailable',
  musicDir: '/program/sounds/moh',
  calledPort: 5_060,
  plan: PLAN,
  tracks: '/data/practice/tracks',
});

describe('the practice telephones', () => {
  it('keep their passwords in one file', () => {
    const holding = Object.keys(files).filter((name) => files[name]?.includes(SECRET));
    expect(holding).toEqual(['pjsip.conf']);
    expect(JSON.stringify(callFiles(PLAN))).not.toContain(SECRET);
  });

  it('call one number and no other, and nothing leads from what the system calls to a call', () => {
    const dialplan = files['extensions.conf'] ?? '';
    expect(dialplan.match(/PJSIP\/[0-9]+/g)).toEqual(['PJSIP/7900', 'PJSIP/7900']);
    const agents = dialplan.slice(dialplan.indexOf('[agents]'), dialplan.indexOf('[callers]'));
    expect(agents).not.toMatch(/Originate|Dial/);
  });

  it('only the agents’ phones are registered, so nothing rings a caller', () => {
    const sections = (files['pjsip.conf'] ?? '').split(/^(?=\[)/m);
    const registered = sections.filter((section) => section.includes('type = registration'));
    expect(registered.map((section) => section.split('\n')[0])).toEqual(['[3901]']);
  });
});

describe('the two sides of a conversation', () => {
  const { agent, caller } = sidesOf([
    { who: 'agent', sound: Buffer.alloc(800, 1) },
    { who: 'caller', sound: Buffer.alloc(400, 2) },
    { who: 'agent', sound: Buffer.alloc(200, 3) },
  ]);
  const spoken = (side: Buffer): readonly number[] => [...side].filter((code) => code !== 0xff);

  it('are equally long, and never speak at the same time', () => {
    expect(agent.length).toBe(caller.length);
    agent.forEach((code, at) => expect(code === 0xff || caller[at] === 0xff).toBe(true));
  });

  it('hold each line once, in its order, with a pause before each', () => {
    expect(spoken(agent)).toEqual([...Array<number>(800).fill(1), ...Array<number>(200).fill(3)]);
    expect(spoken(caller)).toEqual(Array<number>(400).fill(2));
    expect(caller.indexOf(2)).toBeGreaterThan(agent.lastIndexOf(1) + 2_000);
    expect(agent.indexOf(3)).toBeGreaterThan(caller.lastIndexOf(2) + 2_000);
  });
});
