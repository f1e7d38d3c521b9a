import { open, stat } from 'node:fs/promises';

/** Follows the server's log on the terminal: in a form for people, or as it is when the output is not a terminal. */
export class LogView {
  readonly #file: string;
  readonly #human: boolean;
  #offset = 0;
  #rest = '';
  #timer: NodeJS.Timeout | undefined;
  #reading = false;

  constructor(file: string, human: boolean) {
    this.#file = file;
    this.#human = human;
  }

  async start(): Promise<void> {
    this.#offset = await stat(this.#file).then(
      (found) => found.size,
      () => 0,
    );
    this.#timer = setInterval(() => void this.#read(), 250);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    const file = await open(this.#file, 'r').catch(() => undefined);
    try {
      if (file === undefined) return;
      const { size } = await file.stat();
      // A shorter file is a new one.
      if (size < this.#offset) this.#offset = 0;
      const { bytesRead, buffer } = await file.read(
        Buffer.alloc(size - this.#offset),
        0,
        size - this.#offset,
        this.#offset,
      );
      this.#offset += bytesRead;
      const lines = (this.#rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) process.stdout.write(`${this.#human ? humanLine(line) : line}\n`);
    } finally {
      await file?.close();
      this.#reading = false;
    }
  }
}

const LEVELS: Readonly<Record<number, string>> = {
  20: 'debug',
  30: 'info ',
  40: 'WARN ',
  50: 'ERROR',
  60: 'FATAL',
};
const HIDDEN = new Set(['level', 'time', 'part', 'msg', 'err', 'pid', 'hostname']);

/** One JSON line as people read it: time, part, level, message, and what else it names. */
export function humanLine(line: string): string {
  const entry = parseEntry(line);
  if (entry === undefined) return line;
  const time = new Date(entry['time'] as string | number).toTimeString().slice(0, 8);
  const level = LEVELS[entry['level'] as number] ?? String(entry['level']);
  const rest = Object.entries(entry)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const error = (entry['err'] as { readonly message?: string } | undefined)?.message;
  return [
    time,
    level,
    entry['part'],
    entry['msg'],
    ...rest,
    ...(error === undefined ? [] : [`(${error})`]),
  ].join(' ');
}

/** Other programs write here too, and may write what is JSON by chance. */
function parseEntry(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    const isEntry = typeof parsed === 'object' && parsed !== null && 'time' in parsed && 'level' in parsed;
    return isEntry ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
