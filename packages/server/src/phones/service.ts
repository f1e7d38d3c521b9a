import type { Db } from '../database/pool.ts';
import type { Vault } from '../database/vault.ts';
import type { SipTiming } from '../settings/sip-timing.ts';
import { GeneratedFile } from './generated-file.ts';
import { Registrations } from './registrations.ts';
import { phonesConfig } from './rules.ts';
import { listPhones, listProvisioned, readSoftphone, type Phone } from './store.ts';

export interface PhoneServiceOptions {
  readonly db: Db;
  readonly vault: Vault;
  /** The file that Asterisk's pjsip.conf includes. */
  readonly file: string;
  /** Makes Asterisk read the file again. */
  readonly reload: () => Promise<void>;
  readonly timing: SipTiming;
  readonly onError: (error: unknown, what: string) => void;
  /** A phone came or went; undefined when all may have changed. */
  readonly onRegistration: (number: string | undefined) => void;
}

/**
 * Extensions: what the database says reaches Asterisk as a file and a reload, so that Asterisk starts and registers phones without us and
 * without the database. Which phones are registered is Asterisk's word alone, and unknown (null) while it cannot be heard.
 */
export class PhoneService {
  readonly #options: PhoneServiceOptions;
  #phones: ReadonlyMap<string, Phone> = new Map();
  readonly #registrations = new Registrations();
  readonly #file: GeneratedFile;

  constructor(options: PhoneServiceOptions) {
    this.#options = options;
    const { file, reload, onError } = options;
    this.#file = new GeneratedFile({
      file,
      reload,
      text: async () => this.#text(),
      onFault: (error) => onError(error, 'phones could not be given to Asterisk'),
    });
  }

  phone(number: string): Phone | undefined {
    return this.#phones.get(number);
  }

  phones(): readonly Phone[] {
    return [...this.#phones.values()];
  }

  /** Whether a phone is registered now; null while Asterisk's answer is unknown. */
  isRegistered(number: string): boolean | null {
    return this.#registrations.has(number);
  }

  /** Whether Asterisk does not know the latest phones yet. */
  get pending(): boolean {
    return this.#file.pending;
  }

  /** Asterisk's list after a (re)connection, or undefined when the connection is lost. */
  registrationsAre(numbers: Iterable<string> | undefined): void {
    this.#registrations.are(numbers);
    this.#options.onRegistration(undefined);
  }

  registrationChanged(number: string, online: boolean): void {
    if (this.#registrations.changed(number, online)) this.#options.onRegistration(number);
  }

  /** The database's phones changed: soon, and together with other changes. */
  changed(delayMs?: number): void {
    this.#file.changed(delayMs);
  }

  /** Reads which phones there are, for a server that starts. */
  async load(): Promise<void> {
    this.#phones = new Map((await listPhones(this.#options.db)).map((phone) => [phone.number, phone]));
  }

  async #text(): Promise<string> {
    const { db, vault, timing, onRegistration } = this.#options;
    await this.load();
    onRegistration(undefined);
    return phonesConfig(await listProvisioned(db, vault), timing);
  }

  /** With what the account's page registers as its phone; undefined when the account's phone is no browser. */
  async softphone(
    accountId: number,
  ): Promise<{ readonly number: string; readonly name: string; readonly sipPassword: string } | undefined> {
    const { db, vault } = this.#options;
    return readSoftphone(db, vault, accountId);
  }

  /** Asterisk restarted: it has read the file by itself, but perhaps an older one. */
  forgetWritten(): void {
    this.#file.forget();
  }

  async stop(): Promise<void> {
    await this.#file.stop();
  }
}
