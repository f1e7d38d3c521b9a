import { chmod, rename, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import type { Db } from '../database/pool.ts';
import type { Vault } from '../database/vault.ts';
import { phonesConfig } from './rules.ts';
import { listPhones, listProvisioned, readSoftphone, type Phone } from './store.ts';

export interface PhoneServiceOptions {
  readonly db: Db;
  readonly vault: Vault;
  /** The file that Asterisk's pjsip.conf includes. */
  readonly file: string;
  /** Makes Asterisk read the file again. */
  readonly reload: () => Promise<void>;
  readonly onError: (error: unknown, what: string) => void;
  /** A phone came or went; undefined when all may have changed. */
  readonly onRegistration: (number: string | undefined) => void;
}

/** Changes are gathered this long, because each reload looks at every phone. */
const GATHER_MS = 1_000;
const RETRY_MS = 5_000;

/**
 * Extensions: what the database says reaches Asterisk as a file and a reload, so that Asterisk starts and registers phones without us and
 * without the database. Which phones are registered is Asterisk's word alone, and unknown (null) while it cannot be heard.
 */
export class PhoneService {
  readonly #options: PhoneServiceOptions;
  #phones: ReadonlyMap<string, Phone> = new Map();
  #registered: Set<string> | undefined;
  #written: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #underWay = 0;
  #closed = false;

  constructor(options: PhoneServiceOptions) {
    this.#options = options;
  }

  phone(number: string): Phone | undefined {
    return this.#phones.get(number);
  }

  phones(): readonly Phone[] {
    return [...this.#phones.values()];
  }

  /** Whether a phone is registered now; null while Asterisk's answer is unknown. */
  isRegistered(number: string): boolean | null {
    return this.#registered === undefined ? null : this.#registered.has(number);
  }

  /** Whether Asterisk does not know the latest phones yet. */
  get pending(): boolean {
    return this.#timer !== undefined || this.#underWay > 0;
  }

  /** Asterisk's list after a (re)connection, or undefined when the connection is lost. */
  registrationsAre(numbers: Iterable<string> | undefined): void {
    this.#registered = numbers === undefined ? undefined : new Set(numbers);
    this.#options.onRegistration(undefined);
  }

  registrationChanged(number: string, online: boolean): void {
    if (this.#registered === undefined || this.#registered.has(number) === online) return;
    if (online) this.#registered.add(number);
    else this.#registered.delete(number);
    this.#options.onRegistration(number);
  }

  /** The database's phones changed: soon, and together with other changes. */
  changed(delayMs: number = GATHER_MS): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.provision().catch((error: unknown) => {
        this.#options.onError(error, 'phones could not be given to Asterisk');
        this.changed(RETRY_MS);
      });
    }, delayMs);
  }

  /** Reads which phones there are, for a server that starts. */
  async load(): Promise<void> {
    this.#phones = new Map((await listPhones(this.#options.db)).map((phone) => [phone.number, phone]));
  }

  /** Reads the phones, writes the file if it would differ, and reloads if it was written. One at a time. */
  async provision(): Promise<void> {
    this.#underWay += 1;
    const mine = this.#running
      .catch(() => undefined)
      .then(async () => this.#provision())
      .finally(() => (this.#underWay -= 1));
    this.#running = mine;
    return mine;
  }

  async #provision(): Promise<void> {
    const { db, vault, file, reload } = this.#options;
    await this.load();
    this.#options.onRegistration(undefined);
    const text = phonesConfig(await listProvisioned(db, vault));
    const digest = createHash('sha256').update(text).digest('hex');
    if (digest === this.#written) return;
    const draft = `${file}.new`;
    await writeFile(draft, text, { mode: 0o600 });
    await chmod(draft, 0o600);
    await rename(draft, file);
    await reload();
    this.#written = digest;
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
    this.#written = undefined;
  }

  async stop(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running.catch(() => undefined);
  }
}
