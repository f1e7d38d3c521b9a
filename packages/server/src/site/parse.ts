import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { problemOf, problemWords, type SiteProblemCode, type SiteProblemParams } from './problems.ts';
import { siteSchema, type Site } from './schema.ts';

export interface SiteProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Names and places in lists, as `accounts.0.signInPhone`; empty for the file as a whole. */
  readonly path: string;
  readonly code: SiteProblemCode;
  readonly params: SiteProblemParams;
  /** The same in English. */
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
  /** What is wrong at a path of the file, with the place where that stands. */
  readonly problemAt: (path: Path, code: SiteProblemCode, params?: SiteProblemParams) => SiteProblem;
}

const YAML_CODES: Readonly<Record<string, SiteProblemCode>> = {
  BAD_INDENT: 'YAML_INDENT',
  TAB_AS_INDENT: 'YAML_INDENT',
  DUPLICATE_KEY: 'YAML_KEY_TWICE',
};

/** Reads a site file and checks its form. @throws SiteError with every problem and where it stands */
export function parseSite(text: string): ParsedSite {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const place = (
    offset: number,
    path: Path,
    code: SiteProblemCode,
    params: SiteProblemParams,
  ): SiteProblem => {
    const { line, col } = lines.linePos(offset);
    const where = path.map(String).join('.');
    const message = `${where === '' ? '' : `${where}: `}${problemWords(code, params)}`;
    return { line, column: col, path: where, code, params, message };
  };
  if (document.errors.length > 0) {
    throw new SiteError(
      document.errors.map((error) =>
        place(error.pos[0], [], YAML_CODES[error.code] ?? 'YAML_INVALID', {
          detail: error.message.split('\n')[0] ?? '',
        }),
      ),
    );
  }
  const problemAt: ParsedSite['problemAt'] = (path, code, params = {}) =>
    place(nodeAt(document, path).node?.range?.[0] ?? 0, path, code, params);
  const result = siteSchema.safeParse(document.toJS());
  if (result.success) return { site: result.data, problemAt };
  throw new SiteError(
    result.error.issues.map((issue) => {
      const path = issue.path.map((key) => (typeof key === 'symbol' ? '' : key));
      const { code, params } = problemOf(issue, !nodeAt(document, path).isThere);
      return problemAt(path, code, params);
    }),
  );
}

/** The node at a path, or the nearest one above it. */
function nodeAt(
  document: Document.Parsed,
  path: Path,
): { readonly node: Node | null; readonly isThere: boolean } {
  let node = document.contents as Node | null;
  for (const key of path) {
    let next: unknown;
    if (isMap(node)) next = node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
    else if (isSeq(node) && typeof key === 'number') next = node.items[key];
    if (next === undefined || next === null) return { node, isThere: false };
    node = next as Node;
  }
  return { node, isThere: node !== null };
}
