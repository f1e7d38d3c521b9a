import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Seals what must be looked up again (dial passwords, SIP passwords) with a key kept outside the database. A sealed value is bound to
 * its context (`dial:17`, `sip:1000`): a row copied onto another does not open.
 * Layout: 1 byte version, 12 bytes nonce, 16 bytes tag, ciphertext (AES-256-GCM).
 */
export class Vault {
  readonly #sealing: Buffer;
  readonly #hashing: Buffer;

  /** @param masterKey 32 random bytes. */
  constructor(masterKey: Buffer) {
    if (masterKey.length !== 32) throw new Error('The master key must have 32 bytes.');
    this.#sealing = Buffer.from(hkdfSync('sha256', masterKey, '', 'sasayaki seal 1', 32));
    this.#hashing = Buffer.from(hkdfSync('sha256', masterKey, '', 'sasayaki hash 1', 32));
  }

  seal(plain: string, context: string): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from([1]), nonce, cipher.getAuthTag(), body]);
  }

  /** @throws Error when the value was sealed by another key or under another context, or was changed. */
  open(sealed: Buffer, context: string): string {
    if (sealed[0] !== 1 || sealed.length < 29) throw new Error('Not a sealed value.');
    const decipher = createDecipheriv('aes-256-gcm', this.#sealing, sealed.subarray(1, 13))
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(13, 29));
    return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
  }

  /** A keyed hash, for values that are compared but never read back. */
  hash(value: string): Buffer {
    return createHmac('sha256', this.#hashing).update(value).digest();
  }
}
