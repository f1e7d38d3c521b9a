/** What can be wrong, each with its own code, exit code and sentence (docs/operator/running.md lists them; a test compares). */
export const ENGINE_ERRORS = {
  NODE_TOO_OLD: { exit: 10, means: 'Node.js is older than 20.19.' },
  SETTING_INVALID: { exit: 11, means: 'An environment variable has a value that cannot be.' },
  PORT_TAKEN: { exit: 12, means: 'Another program listens on a port that Sasayaki needs.' },
  NO_PACKAGE_TOOL: { exit: 13, means: "Debian's package tools are missing, and no Asterisk was found." },
  MIRROR_UNREACHABLE: { exit: 14, means: "The machine's package mirror cannot be reached." },
  SIGNATURE_BAD: { exit: 15, means: "The package mirror's signature does not verify." },
  UNPACK_FAILED: { exit: 16, means: 'A downloaded package could not be unpacked.' },
  ASTERISK_TOO_OLD: { exit: 17, means: 'The Asterisk that was named is older than 22.10.1.' },
  ASTERISK_FAILED: { exit: 18, means: 'Asterisk does not start.' },
  DATABASE_FAILED: { exit: 19, means: 'The private PostgreSQL does not start.' },
  DATABASE_UNREACHABLE: { exit: 20, means: 'The database that DATABASE_URL names cannot be used.' },
  DATABASE_OTHER_VERSION: {
    exit: 21,
    means: 'The database cluster was made by another major version of PostgreSQL.',
  },
  DISK_FULL: { exit: 22, means: 'There is not enough free space.' },
  DATA_NEWER: { exit: 23, means: 'The data directory belongs to a newer release.' },
  DATA_UNREACHABLE: { exit: 24, means: 'The data directory cannot be used by the user that runs the parts.' },
  SERVER_FAILED: { exit: 25, means: 'The server does not start.' },
  PART_KEEPS_DYING: { exit: 26, means: 'A part died again and again and was given up.' },
  PRACTICE_TAKEN: { exit: 29, means: 'The site has numbers or accounts that the practice of --demo needs.' },
  NOT_RUNNING: { exit: 3, means: 'Sasayaki does not run.' },
  USAGE: { exit: 2, means: 'The command is not known or lacks an argument.' },
  PLATFORM: { exit: 27, means: 'This kind of machine is not supported: Linux on amd64 or arm64 is needed.' },
} as const;

export type EngineErrorCode = keyof typeof ENGINE_ERRORS;

export class EngineError extends Error {
  readonly code: EngineErrorCode;

  /** @param detail a whole sentence that says what is wrong here and what to do about it */
  constructor(code: EngineErrorCode, detail: string) {
    super(detail);
    this.name = 'EngineError';
    this.code = code;
  }

  get exitCode(): number {
    return ENGINE_ERRORS[this.code].exit;
  }
}
