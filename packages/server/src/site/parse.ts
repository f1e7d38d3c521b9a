import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { siteSchema, type Site } from './schema.ts';

export interface SiteProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A site file that cannot be applied; nothing was changed. */
export class SiteError extends Error {
  readonly code = 'SITE_INVALID';
  readonly problems: readonly SiteProblem[];

  constructor(problems: readonly SiteProblem[]) {
    super(
      problems.map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`).join('; '),
    );
    this.name = 'SiteError';
    this.problems = problems;
  }
}

type Path = readonly (string | number)[];

export interface ParsedSite {
  readonly site: Site;
  /** Where a path of the file stands. */
  readonly problemAt: (path: Path, message: string) => SiteProblem;
}

/** Reads a site file and checks its form. @throws SiteError with every problem and where it stands */
export function parseSite(text: string): ParsedSite {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const place = (offset: number, message: string): SiteProblem => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, message };
  };
  if (document.errors.length > 0) {
    throw new SiteError(
      document.errors.map((error) => place(error.pos[0], error.message.split('\n')[0] ?? '')),
    );
  }
  const problemAt = (path: Path, message: string): SiteProblem => {
    const where = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
    return place(nodeAt(document, path)?.range?.[0] ?? 0, `${where}${message}`);
  };
  const result = siteSchema.safeParse(document.toJS());
  if (result.success) return { site: result.data, problemAt };
  throw new SiteError(
    result.error.issues.map((issue) =>
      problemAt(
        issue.path.map((key) => (typeof key === 'symbol' ? '' : key)),
        issue.message,
      ),
    ),
  );
}

/** The node at a path, or the nearest one above it. */
function nodeAt(document: Document.Parsed, path: Path): Node | null {
  let node = document.contents as Node | null;
  for (const key of path) {
    let next: unknown;
    if (isMap(node)) next = node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
    else if (isSeq(node) && typeof key === 'number') next = node.items[key];
    if (next === undefined || next === null) return node;
    node = next as Node;
  }
  return node;
}
