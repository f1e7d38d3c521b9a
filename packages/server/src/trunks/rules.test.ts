import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trunkForm, routeForm } from './forms.ts';
import {
  canonical,
  isEmergency,
  matches,
  registrationsIn,
  routeIncoming,
  routeOutgoing,
  trunkOfChannel,
  shownCaller,
  trunksConfig,
  withinLimit,
  type OutgoingRoute,
  type OutsideNumber,
  type ProvisionedTrunk,
  type Reach,
  type Trunk,
  type TrunkState,
} from './rules.ts';

const TRUNK: Trunk = {
  id: 'main',
  name: '本線',
  kind: 'address',
  host: 'sip.example.jp',
  port: 5060,
  transport: 'udp',
  username: null,
  sources: [],
  maxChannels: null,
  enabled: true,
  callerId: 'from',
};
const trunk = (id: string, change: Partial<Trunk> = {}): Trunk => ({ ...TRUNK, id, ...change });
const state = (one: Trunk, reach: Reach = 'up', channels = 0): [string, TrunkState] => [
  one.id,
  { trunk: one, reach, channels },
];
const route = (pattern: string, to: string, change: Partial<OutgoingRoute> = {}): OutgoingRoute => ({
  pattern,
  trunk: to,
  strip: 0,
  prepend: '',
  callerNumber: null,
  ...change,
});

describe('the one form of a number', () => {
  it.each([
    ['0312345678', '0312345678'],
    ['+81312345678', '0312345678'],
    ['81312345678', '0312345678'],
    ['+810312345678', '0312345678'],
    ['+819011112222', '09011112222'],
    ['819011112222', '09011112222'],
    ['+81120444444', '0120444444'],
    ['03-1234-5678', '0312345678'],
    ['+44 20 7946 0000', '+442079460000'],
    ['110', '110'],
    ['8110', '8110'],
    ['', undefined],
    ['anonymous', undefined],
    ['0010*1234', undefined],
    ['+', undefined],
    ['1'.repeat(30), undefined],
  ])('%s is %s', (number, one) => expect(canonical(number)).toBe(one));

  it('is stable: the one form of the one form is itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?[0-9]{1,20}$/), (number) => {
        const once = canonical(number);
        return once === undefined || canonical(once) === once;
      }),
    );
  });
});

describe('who calls from outside', () => {
  it.each([
    [{ name: 'Yamada', number: '+81312345678' }, false, { name: 'Yamada', number: '0312345678' }],
    [{ name: '', number: 'alice' }, false, { name: '', number: 'alice' }],
    [{ name: 'Yamada', number: '0312345678' }, true, { name: '', number: 'anonymous' }],
    [{ name: 'Anonymous', number: 'Anonymous' }, false, { name: '', number: 'anonymous' }],
    [{ name: 'Yamada', number: '' }, false, { name: '', number: 'anonymous' }],
    [{ name: '', number: 'unavailable' }, false, { name: '', number: 'anonymous' }],
  ])('%j, withheld %s, is shown as %j', (caller, withheld, shown) => {
    expect(shownCaller(caller, withheld)).toEqual(shown);
  });
});

describe('a call from outside', () => {
  const numbers = new Map<string, OutsideNumber>([
    ['0312345000', { number: '0312345000', kind: 'call_center', target: '7000', presented: null }],
    ['0312345001', { number: '0312345001', kind: 'phone', target: '1000', presented: null }],
  ]);

  it.each([
    ['0312345000', { kind: 'call_center', number: '7000' }],
    ['+81312345000', { kind: 'call_center', number: '7000' }],
    ['81312345001', { kind: 'phone', number: '1000' }],
    ['0312345002', undefined],
    // Nothing inside can be reached by its own number from outside, no feature code either.
    ['1000', undefined],
    ['7000', undefined],
    ['0010', undefined],
    ['0010*482915*73920418', undefined],
    ['', undefined],
  ])('to %s leads to %j', (number, to) => expect(routeIncoming(number, numbers)).toEqual(to));
});

it.each([
  ['0.', '0312345678', true],
  ['0.', '0', false],
  ['.', '110', true],
  ['1XX', '110', true],
  ['1XX', '1100', false],
  ['1XX', '11', false],
  ['1XX', '210', false],
  ['0120XXXXXX', '0120444444', true],
  ['0120XXXXXX', '0120444', false],
  ['090.', '09011112222', true],
  ['090.', '08011112222', false],
  ['110', '110', true],
])('the pattern %s and %s: %s', (pattern, number, yes) => expect(matches(pattern, number)).toBe(yes));

describe('a call to outside', () => {
  const out = (
    number: string,
    routes: readonly OutgoingRoute[],
    states: readonly [string, TrunkState][],
    more: { readonly ownNumber?: string; readonly emergency?: boolean } = {},
  ): readonly (readonly [string, string, string])[] =>
    routeOutgoing(
      { number, ownNumber: more.ownNumber, emergency: more.emergency ?? false },
      routes,
      new Map(states),
    ).map(({ trunk: to, endpoint, callerId }) => [to, endpoint, callerId] as const);

  const a = trunk('a');
  const b = trunk('b', { username: '0501234567' });

  it('goes over the trunks of all routes that match, in the order of the routes, each once', () => {
    const routes = [route('0120.', 'b'), route('0.', 'a'), route('0.', 'b'), route('1XX', 'a')];
    expect(out('0120444444', routes, [state(a), state(b)]).map(([to]) => to)).toEqual(['b', 'a']);
    expect(out('0312345678', routes, [state(a), state(b)]).map(([to]) => to)).toEqual(['a', 'b']);
    expect(out('104', routes, [state(a), state(b)]).map(([to]) => to)).toEqual(['a']);
    expect(out('204', routes, [state(a), state(b)])).toEqual([]);
  });

  it('takes digits away and puts others there', () => {
    const routes = [route('0.', 'a', { strip: 1, prepend: '+81' })];
    expect(out('0312345678', routes, [state(a)])[0]?.[1]).toBe('PJSIP/+81312345678@trunk-a');
  });

  it('shows the number of the route, else of the phone, else of the account, else nothing', () => {
    const fixed = [route('0.', 'b', { callerNumber: '0312345000' })];
    expect(out('0312345678', fixed, [state(b)], { ownNumber: '0312345001' })[0]?.[2]).toBe('0312345000');
    const open = [route('0.', 'b'), route('0.', 'a')];
    expect(out('0312345678', open, [state(b)], { ownNumber: '0312345001' })[0]?.[2]).toBe('0312345001');
    expect(out('0312345678', open, [state(b), state(a)]).map(([, , shown]) => shown)).toEqual([
      '0501234567',
      '',
    ]);
  });

  it('leaves out trunks that are off, down or full; one that is not known counts as well', () => {
    const routes = ['off', 'down', 'full', 'new', 'good'].map((id) => route('0.', id));
    const states = [
      state(trunk('off', { enabled: false })),
      state(trunk('down'), 'down'),
      state(trunk('full', { maxChannels: 2 }), 'up', 2),
      state(trunk('new'), 'unknown'),
      state(trunk('good', { maxChannels: 2 }), 'up', 1),
    ];
    expect(out('0312345678', routes, states).map(([to]) => to)).toEqual(['new', 'good']);
  });

  it('to an emergency number also goes over trunks without a route, and last over those that seem down or full', () => {
    const states = [
      state(trunk('down'), 'down'),
      state(trunk('full', { maxChannels: 1 }), 'up', 1),
      state(trunk('off', { enabled: false })),
      state(trunk('other')),
      state(trunk('routed')),
    ];
    const ways = out('110', [route('1XX', 'routed')], states, { emergency: true });
    expect(ways.map(([to]) => to)).toEqual(['routed', 'other', 'down', 'full']);
    expect(out('110', [], states, { emergency: true }).length).toBe(4);
  });

  it('never goes over a trunk twice, over one that is off, or over one that does not match', () => {
    const ids = ['a', 'b', 'c'];
    const routes = fc.array(
      fc.record({ pattern: fc.constantFrom('0.', '1XX', '09X.', '.'), trunk: fc.constantFrom(...ids) }),
    );
    const states = fc.tuple(
      ...ids.map((id) =>
        fc.record({
          trunk: fc.record({ enabled: fc.boolean(), maxChannels: fc.constantFrom(null, 1, 3) }),
          reach: fc.constantFrom<Reach>('up', 'down', 'unknown'),
          channels: fc.nat(4),
          id: fc.constant(id),
        }),
      ),
    );
    const numbers = fc.constantFrom('0312345678', '09011112222', '110', '104');
    fc.assert(
      fc.property(routes, states, numbers, fc.boolean(), (list, some, number, emergency) => {
        const all = list.map(({ pattern, trunk: to }) => route(pattern, to));
        const world = some.map(({ id, trunk: one, reach, channels }) =>
          state(trunk(id, one), reach, channels),
        );
        const found = out(number, all, world, { emergency }).map(([to]) => to);
        expect(new Set(found).size).toBe(found.length);
        for (const id of found) {
          const { trunk: one, reach, channels } = new Map(world).get(id) as TrunkState;
          expect(one.enabled).toBe(true);
          if (emergency) continue;
          expect(reach).not.toBe('down');
          expect(one.maxChannels === null || channels < one.maxChannels).toBe(true);
          expect(all.some(({ pattern, trunk: to }) => to === id && matches(pattern, number))).toBe(true);
        }
        if (emergency) expect(found.length).toBe(world.filter(([, one]) => one.trunk.enabled).length);
      }),
    );
  });
});

describe('the concurrent-call limit', () => {
  it.each([
    [0, null, false, true],
    [9_999, null, false, true],
    [0, 0, false, false],
    [0, 1, false, true],
    [1, 1, false, false],
    [2, 1, false, false],
    [1, 1, true, true],
    [9, 0, true, true],
  ])('%i outside channels, limit %s, emergency %s: %s', (outsideChannels, limit, emergency, yes) =>
    expect(withinLimit({ outsideChannels, limit, emergency })).toBe(yes),
  );

  it.each([
    ['110', true],
    ['118', true],
    ['119', true],
    ['117', false],
    ['1100', false],
    ['0110', false],
  ])('%s is an emergency number: %s', (number, yes) =>
    expect(isEmergency(number, ['110', '118', '119'])).toBe(yes),
  );
});

it.each([
  ['PJSIP/trunk-main-0000002a', 'main'],
  ['PJSIP/trunk-osaka-2-00000001', 'osaka-2'],
  ['PJSIP/1000-0000002a', undefined],
  ['Snoop/trunk-main-0000002a', undefined],
  ['PJSIP/trunk-Main;x-0000002a', undefined],
])('the channel %s is of trunk %s', (name, id) => expect(trunkOfChannel(name)).toBe(id));

const TIMING = { phoneSilence: 1, trunkSilence: 2, holdSilence: 3, ask: 4, retry: 5 };

describe('what Asterisk is told', () => {
  const full: ProvisionedTrunk = {
    ...trunk('main', {
      kind: 'registration',
      username: '0501234567',
      transport: 'tcp',
      callerId: 'asserted',
    }),
    password: 'pa;ss',
  };

  it('a registration trunk has an endpoint, an aor, an identify, an auth and a registration', () => {
    const types = [...trunksConfig([full], TIMING).matchAll(/^type = (.*)$/gm)].map(([, type]) => type);
    expect(types).toEqual(['endpoint', 'aor', 'identify', 'auth', 'registration']);
    for (const line of [
      'rtp_timeout = 2',
      'rtp_timeout_hold = 3',
      'qualify_frequency = 4',
      'retry_interval = 5',
    ])
      expect(trunksConfig([full], TIMING)).toContain(`${line}\n`);
    expect(trunksConfig([full], TIMING)).toContain('contact = sip:sip.example.jp:5060\\;transport=tcp\n');
    expect(trunksConfig([full], TIMING)).toContain('password = pa\\;ss\n');
  });

  it('an address trunk neither registers nor signs in; its calls are known by address, never by the name in From', () => {
    const known = trunk('main', { sources: ['192.0.2.0/24', '198.51.100.7'] });
    const text = trunksConfig([{ ...known, password: null }], TIMING);
    expect(text).not.toMatch(/type = (auth|registration)/);
    expect(text).toMatch(/^identify_by = ip$/m);
    expect(text).toMatch(/^match = 192\.0\.2\.0\/24\nmatch = 198\.51\.100\.7$/m);
    expect(text).not.toContain('match = sip.example.jp');
  });

  it('of a trunk that is off nothing is there but what takes its registration back', () => {
    const off = trunksConfig([{ ...full, enabled: false }], TIMING);
    expect(off.match(/^type = .*$/gm)).toEqual(['type = auth']);
    expect(trunksConfig([{ ...full, enabled: false, password: null }], TIMING)).not.toContain('[');
  });

  it('nothing that passes the form becomes a line, a section or a comment of its own', () => {
    const input = fc.record({
      name: fc.string({ unit: 'binary', maxLength: 40 }),
      kind: fc.constantFrom('registration', 'address'),
      host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.string({ unit: 'binary' }), fc.constant('h\nx=y')),
      username: fc.oneof(fc.constant(null), fc.stringMatching(/^[\x20-\x7e\n]{0,20}$/)),
      password: fc.oneof(fc.constant(undefined), fc.string({ maxLength: 40 })),
      sources: fc.array(fc.oneof(fc.ipV4(), fc.string())),
      transport: fc.constantFrom('udp', 'tcp'),
    });
    const settings = /^(?:;.*|\[trunk-main\]|[a-z_]+ = (?:[^;\r\n]|\\;)*|)$/;
    fc.assert(
      fc.property(input, (raw) => {
        const parsed = trunkForm.safeParse(raw);
        if (!parsed.success) return;
        const { password = null, ...rest } = parsed.data;
        const text = trunksConfig([{ ...rest, id: 'main', password }], TIMING);
        for (const line of text.split('\n').slice(1)) expect(line).toMatch(settings);
        expect(text.match(/^type = endpoint$/gm)).toHaveLength(1);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['', 'X', '1'.repeat(40), '0.1', '..', '0x', '0\n', '0;'])(
    'the pattern %j is refused',
    (pattern) => {
      const accepted = routeForm.safeParse({ pattern, trunk: 'main' }).success;
      expect(accepted).toBe(pattern === 'X');
    },
  );
});

it('registrations are read from Asterisk’s metrics: 1 is registered, 0 and 2 are not', () => {
  const one = trunk('one', { username: 'u1' });
  const two = trunk('two', { username: 'u2' });
  const line = (user: string, value: number): string =>
    `asterisk_pjsip_outbound_registration_status{eid="02:fc",username="sip:${user}@sip.example.jp:5060",domain="sip:sip.example.jp",channel_type="PJSIP"} ${value}\n`;
  const read = (text: string): unknown => Object.fromEntries(registrationsIn(text, [one, two]));
  expect(read(`# TYPE gauge\n${line('u1', 1)}${line('u2', 2)}${line('u3', 1)}`)).toEqual({
    one: true,
    two: false,
  });
  expect(read(line('u1', 0))).toEqual({ one: false });
  expect(read('')).toEqual({});
});
