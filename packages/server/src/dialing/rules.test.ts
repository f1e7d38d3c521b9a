import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEATURE_CODES, parseDialled, type DialContext, type Dialled } from './rules.ts';

const DESK: DialContext = { phoneKind: 'desk', oneShotDialling: true };
const MOBILE: DialContext = { phoneKind: 'mobile', oneShotDialling: true };
const credentials = { dialId: '123456', dialPassword: '73920418' };
const change = (status: string) => ({
  kind: 'one_shot',
  operation: { kind: 'change_status', credentials, status },
});
const MALFORMED: Dialled = { kind: 'refused', refusal: 'MALFORMED' };
const UNKNOWN: Dialled = { kind: 'refused', refusal: 'UNKNOWN_NUMBER' };

describe('guided codes', () => {
  it.each(['0010', '0012', '0013', '0014', '0015', '0070', '0071'])(
    '%s bare is guided on a desk phone',
    (code) => {
      expect(parseDialled(code, DESK)).toEqual({ kind: 'guided', code, given: {} });
      expect(parseDialled(code, { ...DESK, phoneKind: 'browser' })).toEqual({
        kind: 'guided',
        code,
        given: {},
      });
    },
  );

  it.each(['0010', '0012', '0013', '0014', '0015', '0070', '0071'])(
    '8%s is guided on a mobile phone',
    (code) => {
      expect(parseDialled(`8${code}`, MOBILE)).toEqual({ kind: 'guided', code, given: {} });
      expect(parseDialled(code, MOBILE)).toEqual(UNKNOWN);
      expect(parseDialled(`8${code}`, DESK)).toEqual(UNKNOWN);
    },
  );

  it('80016, and 8 before any one-shot code, is unknown everywhere', () => {
    for (const code of ['80016', '80008', '80009', '80011', '80019']) {
      expect(parseDialled(code, MOBILE)).toEqual(UNKNOWN);
      expect(parseDialled(code, DESK)).toEqual(UNKNOWN);
    }
  });
});

describe('one-shot strings', () => {
  it('0008 and 0009 sign in at the extension given [A49] [A50]', () => {
    const at = (status: string) => ({
      kind: 'one_shot',
      operation: { kind: 'sign_in', credentials, extension: '1001', status, seat: null },
    });
    expect(parseDialled('0008*123456*73920418*1001', DESK)).toEqual(at('after_call_work'));
    expect(parseDialled('0009*123456*73920418*1001', DESK)).toEqual(at('ready'));
  });

  it.each([
    ['0010', 'ready'],
    ['0011', 'after_call_work'],
    ['0012', 'on_break'],
    ['0013', 'away'],
    ['0019', 'signed_off'],
  ])(
    '%s changes the status to %s, whatever follows the password [A55] [A56] [A57] [A58] [A59] [A64]',
    (code, status) => {
      for (const rest of ['', '*1000', '*', '**', '*1000*2*3', '*#', '*abc', `*${'9'.repeat(4_000)}`]) {
        expect(parseDialled(`${code}*123456*73920418${rest}`, DESK)).toEqual(change(status));
      }
    },
  );

  it('0015 with fields speaks the status, whatever follows the password [A60] [A65]', () => {
    const check = { kind: 'one_shot', operation: { kind: 'check_status', credentials } };
    expect(parseDialled('0015*123456*73920418', DESK)).toEqual(check);
    expect(parseDialled('0015*123456*73920418*1000', DESK)).toEqual(check);
  });

  it.each([
    ['0', 'ready'],
    ['1', 'after_call_work'],
    ['2', 'on_break'],
    ['3', 'away'],
  ])('0016 signs in, takes status %s (%s) and a seat, in this order [A52] [A53] [A54]', (number, status) => {
    expect(parseDialled(`0016*123456*73920418*1001*${number}*42`, DESK)).toEqual({
      kind: 'one_shot',
      operation: { kind: 'sign_in', credentials, extension: '1001', status, seat: '42' },
    });
  });

  it('0016 refuses status 9, 4 to 8, and seats that cannot be', () => {
    for (const tail of ['9*42', '4*42', '8*42', '*42', '00*42', '0*', '0*1234567', '0*a', '0', '0*42*1']) {
      expect(parseDialled(`0016*123456*73920418*1001*${tail}`, DESK)).toEqual(MALFORMED);
    }
  });

  it.each([
    ['0070', 'listen'],
    ['0071', 'whisper'],
  ])('%s takes the target, or goes on to ask for it [A61] [A62] [B72] [B73]', (code, mode) => {
    expect(parseDialled(`${code}*123456*73920418*1001`, DESK)).toEqual({
      kind: 'one_shot',
      operation: { kind: 'monitor', credentials, mode, target: '1001' },
    });
    expect(parseDialled(`${code}*123456*73920418`, DESK)).toEqual({
      kind: 'guided',
      code,
      given: { dial_id: '123456', dial_password: '73920418' },
    });
  });

  it.each(['0008', '0009', '0016', '0070', '0071'])('%s refuses more fields than it has [A66]', (code) => {
    const counts: Record<string, string> = { '0016': '*1001*0*42', '0008': '*1001', '0009': '*1001' };
    expect(parseDialled(`${code}*123456*73920418${counts[code] ?? '*1001'}*5`, DESK)).toEqual(MALFORMED);
  });

  it('none is known to a mobile phone, and 0014 has none at all [A47] [A69]', () => {
    for (const code of Object.keys(FEATURE_CODES)) {
      expect(parseDialled(`${code}*123456*73920418*1001`, MOBILE)).toEqual(UNKNOWN);
    }
    expect(parseDialled('0014*123456*73920418', DESK)).toEqual(UNKNOWN);
  });

  it('a setting turns them off', () => {
    const off: DialContext = { phoneKind: 'desk', oneShotDialling: false };
    expect(parseDialled('0010*123456*73920418', off)).toEqual({ kind: 'refused', refusal: 'ONE_SHOT_OFF' });
    expect(parseDialled('0010', off)).toEqual({ kind: 'guided', code: '0010', given: {} });
  });

  it('empty, missing or odd fields are malformed', () => {
    for (const text of [
      '0010*',
      '0010**',
      '0010*1',
      '0010**1',
      '0010*1*',
      '0010*1a*2',
      '0010*1*2#',
      '0010*١*٢',
    ]) {
      expect(parseDialled(text, DESK)).toEqual(MALFORMED);
    }
    for (const text of ['0009*1*2', '0009*1*2*', '0009*1*2*999', '0009*1*2*4000', '0009*1*2*10000']) {
      expect(parseDialled(text, DESK)).toEqual(MALFORMED);
    }
  });

  it('codes that exist only as one-shot are malformed when bare', () => {
    for (const code of ['0008', '0009', '0011', '0016', '0019'])
      expect(parseDialled(code, DESK)).toEqual(MALFORMED);
  });
});

describe('other numbers', () => {
  it.each([
    ['1000', 'phone'],
    ['3999', 'phone'],
    ['7000', 'call_center'],
    ['7999', 'call_center'],
    ['0312345678', 'outside'],
    ['00101', 'outside'],
    ['110', 'outside'],
    ['119', 'outside'],
  ])('%s is %s', (number, kind) => {
    expect(parseDialled(number, DESK)).toEqual({ kind, number });
  });

  it.each([
    '',
    '0',
    '4000',
    '6999',
    '8000',
    '9999',
    '#',
    '*',
    'abc',
    '1000#',
    '1000*1',
    '00100*1*2',
    '２０００',
  ])('%j is unknown', (number) => {
    expect(parseDialled(number, DESK)).toEqual(UNKNOWN);
  });
});

describe('any string at all', () => {
  const piece = fc.oneof(
    fc.constantFrom(...Object.keys(FEATURE_CODES), '*', '#', '**', '1000', '8', '0', '123456', '９', 'é'),
    fc.stringMatching(/^[0-9*#]{0,12}$/),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  // The long ones cost fifty times as much to make, and differ less.
  const anything = fc.oneof(
    { weight: 19, arbitrary: fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.string({ minLength: 4_000, maxLength: 4_100 }) },
  );

  const runs = Number(process.env['SASAYAKI_PROPERTY_RUNS'] ?? '100000');
  // A busy machine needs a fifth of a millisecond for one.
  const timeout = Math.max(120_000, runs);

  it('has an answer, and an operation only for a code followed by a star', { timeout }, () => {
    const phoneKind = fc.constantFrom<DialContext['phoneKind']>('desk', 'browser', 'mobile');
    fc.assert(
      fc.property(anything, phoneKind, fc.boolean(), (text, kind, oneShotDialling) => {
        const result = parseDialled(text, { phoneKind: kind, oneShotDialling });
        // Plain comparisons: an expectation costs more than all the rest of a run.
        if (result.kind === 'one_shot') {
          const [code = '', id = '', password = ''] = text.split('*');
          const { dialId, dialPassword } = result.operation.credentials;
          return (
            kind !== 'mobile' &&
            oneShotDialling &&
            FEATURE_CODES[code]?.oneShot !== undefined &&
            dialId === id &&
            dialPassword === password &&
            /^[0-9]+$/.test(id) &&
            /^[0-9]+$/.test(password)
          );
        }
        if (result.kind === 'guided')
          return (kind === 'mobile' ? text.slice(1) : text).startsWith(result.code);
        return result.kind === 'refused' || result.number === text;
      }),
      { numRuns: runs },
    );
  });
});
