import { Secret, TOTP } from 'otpauth';

/** What every authenticator app takes: RFC 6238 with SHA-1, six digits, 30 seconds. */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 };
/** Steps before and after: clocks of people's devices are not exact. */
const WINDOW = 1;

/** A new secret in base32: 160 random bits. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator app reads from a QR code. */
export function totpUri(secret: string, loginName: string): string {
  return new TOTP({ ...FORM, issuer: 'Sasayaki', label: loginName, secret }).toString();
}

/**
 * The time step that a code belongs to; undefined when it belongs to none near now.
 * @param now ms
 */
export function totpStep(secret: string, code: string, now: number): number | undefined {
  // The library compares bytes, and other digits of Unicode have more of them.
  if (!/^[0-9]{6}$/.test(code)) return undefined;
  const delta = TOTP.validate({
    ...FORM,
    secret: Secret.fromBase32(secret),
    token: code,
    timestamp: now,
    window: WINDOW,
  });
  return delta === null ? undefined : TOTP.counter({ period: FORM.period, timestamp: now }) + delta;
}
