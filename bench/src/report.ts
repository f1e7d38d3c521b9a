import { cpus, loadavg, release, totalmem } from 'node:os';

/** One measured number. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The aim: no more than this. */
  readonly most?: number;
}

/** What one bench found; each figure is printed when it is known. */
export class Report {
  readonly name: string;
  readonly #figures: Figure[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get figures(): readonly Figure[] {
    return this.#figures;
  }

  /** @param most the aim, where there is one */
  add(what: string, value: number, unit: string, most?: number): void {
    const figure = { what, value, unit, ...(most === undefined ? {} : { most }) };
    this.#figures.push(figure);
    process.stdout.write(`${lineOf(figure)}\n`);
  }

  /** The median, the 95th and the 99th percentile, and the worst, of many times in ms. */
  times(
    what: string,
    times: readonly number[],
    most: { readonly p95?: number; readonly p99?: number } = {},
  ): void {
    this.add(`${what}: p50`, quantile(times, 0.5), 'ms');
    this.add(`${what}: p95`, quantile(times, 0.95), 'ms', most.p95);
    this.add(`${what}: p99`, quantile(times, 0.99), 'ms', most.p99);
    this.add(`${what}: worst`, Math.max(...times), 'ms');
  }

  /** Something that is no figure. */
  note(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function isMissed({ value, most }: Figure): boolean {
  return most !== undefined && !(value <= most);
}

export function lineOf(figure: Figure): string {
  const { what, value, unit, most } = figure;
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const aim = most === undefined ? '' : `aim <= ${most}${isMissed(figure) ? '  MISSED' : ''}`;
  return `${what.padEnd(64)} ${value.toFixed(digits).padStart(9)} ${unit.padEnd(16)} ${aim}`.trimEnd();
}

/** Where figures were taken: they mean nothing without it. */
export function machine(): Readonly<Record<string, string | number>> {
  const [processor] = cpus();
  return {
    date: new Date().toISOString(),
    processor: processor?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    linux: release(),
    node: process.version,
    // What others did just before: figures of a busy machine are worse than those of a quiet one.
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}
