/** How often it is looked whether keys can be sent, ms. */
const LOOK_MS = 50;
/** Keys that could not be sent for so long would surprise whoever hears them later, ms. */
const PATIENCE_MS = 5_000;

export interface KeysOptions {
  /** Whether the sound of the call can carry keys now. */
  readonly isReady: () => boolean;
  readonly send: (keys: string) => void;
}

/** The keys of one call, in their order: those that are pressed before its sound is connected wait for that. */
export class Keys {
  readonly #options: KeysOptions;
  #waiting = '';
  #patience = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: KeysOptions) {
    this.#options = options;
  }

  press(key: string): void {
    this.#waiting += key;
    this.#patience = PATIENCE_MS / LOOK_MS;
    if (this.#timer === undefined) this.#look();
  }

  /** The call is over. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = '';
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    const keys = this.#waiting;
    if (this.#options.isReady()) {
      this.#waiting = '';
      this.#options.send(keys);
    } else if (this.#patience > 0) {
      this.#patience -= 1;
      this.#timer = setTimeout(this.#look, LOOK_MS);
    } else {
      this.#waiting = '';
    }
  };
}
