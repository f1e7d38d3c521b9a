import { Secret } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { newTotpSecret, totpStep, totpUri } from './totp.ts';

/** Appendix B of RFC 6238, the last six of its eight digits. */
const RFC_SECRET = Secret.fromLatin1('12345678901234567890').base32;

describe('time-based codes', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 at %i s', (seconds, code) => {
    expect(totpStep(RFC_SECRET, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  });

  it('are taken one step early or late, and name the step that they belong to', () => {
    const step = Math.floor(1_111_111_109 / 30);
    expect(totpStep(RFC_SECRET, '081804', (step + 1) * 30_000)).toBe(step);
    expect(totpStep(RFC_SECRET, '081804', (step - 1) * 30_000)).toBe(step);
    expect(totpStep(RFC_SECRET, '081804', (step + 2) * 30_000)).toBeUndefined();
    expect(totpStep(RFC_SECRET, '081804', (step - 2) * 30_000)).toBeUndefined();
  });

  it.each(['', '81804', '0818040', 'abcdef', '０８１８０４', '08180４'])('%j is none', (code) => {
    expect(totpStep(RFC_SECRET, code, 1_111_111_109_000)).toBeUndefined();
  });

  it('come from secrets of 160 bits that apps can read', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(secret);
    expect(totpUri(secret, 'sato')).toBe(
      `otpauth://totp/Sasayaki:sato?issuer=Sasayaki&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    );
  });
});
