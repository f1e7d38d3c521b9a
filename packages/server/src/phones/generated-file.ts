import { createHash } from 'node:crypto';
import { chmod, rename, writeFile } from 'node:fs/promises';

export interface GeneratedFileOptions {
  /** The file that Asterisk's configuration includes. */
  readonly file: string;
  /** Reads the database and gives the whole text. */
  readonly text: () => Promise<string>;
  /** Makes Asterisk read the file again. */
  readonly reload: () => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/** Changes are gathered this long, because each reload looks at every phone. */
const GATHER_MS = 1_000;
const RETRY_MS = 5_000;

/**
 * A part of Asterisk's configuration that is made from the database: written as a whole, so that Asterisk never reads half of it, and read again
 * by Asterisk only when it differs. What fails is tried again.
 */
export class GeneratedFile {
  readonly #options: GeneratedFileOptions;
  #written: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #underWay = 0;
  #closed = false;

  constructor(options: GeneratedFileOptions) {
    this.#options = options;
  }

  /** Whether Asterisk does not know the latest yet. */
  get pending(): boolean {
    return this.#timer !== undefined || this.#underWay > 0;
  }

  /** The database changed: soon, and together with other changes. */
  changed(delayMs: number = GATHER_MS): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.provision().catch((error: unknown) => {
        this.#options.onFault(error);
        this.changed(RETRY_MS);
      });
    }, delayMs);
  }

  /** Writes the file if it would differ, and reloads if it was written. One at a time. */
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
    const { file, reload } = this.#options;
    const text = await this.#options.text();
    const digest = createHash('sha256').update(text).digest('hex');
    if (digest === this.#written) return;
    const draft = `${file}.new`;
    await writeFile(draft, text, { mode: 0o600 });
    await chmod(draft, 0o600);
    await rename(draft, file);
    await reload();
    this.#written = digest;
  }

  /** Asterisk restarted: it has read the file by itself, but perhaps an older one. */
  forget(): void {
    this.#written = undefined;
  }

  async stop(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running.catch(() => undefined);
  }
}
