/**
 * Makes `src/generated/` from the API description that Asterisk ships (`rest-api/*.json`): names, types and enumerations only, no prose.
 *
 *   node scripts/generate.mjs <folder of rest-api> [--check]
 *
 * `--check` writes nothing and ends with 1 when the files are stale.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2];
const check = process.argv.includes('--check');
if (folder === undefined) {
  console.error('usage: node scripts/generate.mjs <folder of rest-api> [--check]');
  process.exit(2);
}

const out = join(dirname(fileURLToPath(import.meta.url)), '../src/generated');
const HEADER =
  '// Made by scripts/generate.mjs from the API description that Asterisk ships. Changes made here are lost.\n';

const PRIMITIVES = {
  string: 'string',
  int: 'number',
  long: 'number',
  double: 'number',
  float: 'number',
  boolean: 'boolean',
  object: 'Readonly<Record<string, unknown>>',
  Date: 'string',
  date: 'string',
  void: 'void',
  binary: 'ArrayBuffer',
  containers: 'Readonly<Record<string, string>>',
};

function typeOf(name, prefix = '') {
  const list = /^List\[(.+)\]$/.exec(name);
  if (list) return `readonly ${wrap(typeOf(list[1], prefix))}[]`;
  return PRIMITIVES[name] ?? prefix + name;
}
const wrap = (text) => (text.includes(' ') ? `(${text})` : text);
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`);

function enumOf(values, fallback) {
  return values?.valueType === 'LIST' ? values.values.map((value) => `'${value}'`).join(' | ') : fallback;
}

/** What the description calls a container; it names the keys in prose only. */
function containerOf(resource, name) {
  if (name === 'fields') return 'readonly m.ConfigTuple[]';
  return resource === 'endpoints' ? 'Readonly<Record<string, string>>' : 'VariablesToSet';
}

const documents = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && name !== 'resources.json')
  .sort()
  .map((name) => ({
    resource: name.replace(/\.json$/, ''),
    ...JSON.parse(readFileSync(join(folder, name), 'utf8')),
  }));

const models = new Map();
for (const { models: some = {} } of documents)
  for (const [name, model] of Object.entries(some)) models.set(name, model);

const parentOf = new Map();
for (const [name, { subTypes = [] }] of models) for (const sub of subTypes) parentOf.set(sub, name);

/** Leaves below a model: what really arrives. */
function leaves(name) {
  const { subTypes = [] } = models.get(name);
  return subTypes.length === 0 ? [name] : subTypes.flatMap(leaves);
}

function modelText(name) {
  const { properties = {}, subTypes = [] } = models.get(name);
  const isMessage = (own) => own === 'Message' || (parentOf.has(own) && isMessage(parentOf.get(own)));
  const parent = parentOf.get(name);
  const lines = Object.entries(properties)
    .filter(([property]) => !(property === 'type' && isMessage(name) && subTypes.length === 0))
    .map(([property, { type, required, allowableValues }]) => {
      return `  readonly ${key(property)}${required ? '' : '?'}: ${enumOf(allowableValues, typeOf(type))};`;
    });
  if (isMessage(name) && subTypes.length === 0) lines.unshift(`  readonly type: '${name}';`);
  const body = lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n}`;
  return `export interface ${name}${parent === undefined ? '' : ` extends ${parent}`} ${body}`;
}

const modelsFile =
  HEADER +
  [...models.keys()].sort().map(modelText).join('\n\n') +
  `\n\n/** Every event by its type. */\nexport interface AriEvents {\n${leaves('Event')
    .sort()
    .map((name) => `  readonly ${name}: ${name};`)
    .join('\n')}\n}\n`;

const interfaces = [];
const tables = [];
for (const { resource, apis } of documents) {
  if (resource === 'events') continue;
  const signatures = [];
  const entries = [];
  for (const { path, operations } of apis) {
    for (const { nickname, httpMethod, responseClass = 'void', parameters = [] } of operations) {
      const fields = parameters.map(
        ({ name, dataType, required, allowMultiple, allowableValues, paramType }) => {
          const single =
            paramType === 'body' && dataType === 'containers'
              ? containerOf(resource, name)
              : enumOf(allowableValues, typeOf(dataType, 'm.'));
          const must = required || paramType === 'path';
          return `readonly ${key(name)}${must ? '' : '?'}: ${allowMultiple ? `readonly ${wrap(single)}[]` : single}`;
        },
      );
      const optional = parameters.every(({ required, paramType }) => !required && paramType !== 'path');
      const argument = fields.length === 0 ? '' : `params${optional ? '?' : ''}: { ${fields.join('; ')} }`;
      signatures.push(`  ${nickname}(${argument}): Promise<${typeOf(responseClass, 'm.')}>;`);
      const query = parameters
        .filter(({ paramType }) => paramType === 'query')
        .map(({ name }) => `'${name}'`);
      const body = parameters.filter(({ paramType }) => paramType === 'body').map(({ name }) => `'${name}'`);
      // An object is the body; of a container each parameter is one of its keys.
      const wholeBody = parameters.some(
        ({ paramType, dataType }) => paramType === 'body' && dataType === 'object',
      );
      const binary = responseClass === 'binary';
      // Lists can be longer than Asterisk's WebSocket survives, and an application's answer lists all its channels. Modules take longer
      // to load than other requests should wait.
      const list = responseClass.startsWith('List[') || responseClass === 'Application';
      const plain = list || binary || /Module|rotateLog/.test(nickname);
      entries.push(
        `    ${nickname}: { method: '${httpMethod}', path: '${path}', query: [${query.join(', ')}], body: [${body.join(', ')}], wholeBody: ${wholeBody}, plain: ${plain}, binary: ${binary} },`,
      );
    }
  }
  const name = `${resource[0].toUpperCase()}${resource.slice(1)}Api`;
  interfaces.push(`export interface ${name} {\n${signatures.join('\n')}\n}`);
  tables.push({ resource, name, text: `  ${resource}: {\n${entries.join('\n')}\n  },` });
}

const operationsFile = `${HEADER}import type * as m from './models.ts';

/** How an operation travels: \`plain\` ones go by HTTP, the others by the WebSocket. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly body: readonly string[];
  /** The one body parameter is the body, not a key of it. */
  readonly wholeBody: boolean;
  readonly plain: boolean;
  /** The answer is a file, not JSON. */
  readonly binary: boolean;
}

/** Variables by name; with \`report_events\` later events about the channel or bridge carry the value. */
export type VariablesToSet = Readonly<
  Record<string, string | { readonly value: string; readonly report_events?: boolean }>
>;

${interfaces.join('\n\n')}

export interface AriApi {
${tables.map(({ resource, name }) => `  readonly ${resource}: ${name};`).join('\n')}
}

export const OPERATIONS = {
${tables.map(({ text }) => text).join('\n')}
} as const satisfies Readonly<Record<keyof AriApi, Readonly<Record<string, Operation>>>>;
`;

let stale = false;
for (const [name, text] of [
  ['models.ts', modelsFile],
  ['operations.ts', operationsFile],
]) {
  const file = join(out, name);
  if (check) {
    if (readFileSync(file, 'utf8') !== text) {
      console.error(`${name} is stale`);
      stale = true;
    }
  } else {
    writeFileSync(file, text);
  }
}
process.exit(stale ? 1 : 0);
