/** Makes `build/`, complete in itself (docs/engineer/house.md). Does nothing when nothing changed since. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { home, requireNode, requirePackages, say, setUpAlone } from './common.mjs';

const SOURCES = ['packages', 'sounds', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json'];

function* filesUnder(path) {
  if (!existsSync(path)) return;
  if (/(^|\/)(node_modules|dist)$/.test(path) || /\.test\.tsx?$/.test(path)) return;
  const entries = tryList(path);
  if (entries === undefined) yield path;
  else for (const name of entries.sort()) yield* filesUnder(join(path, name));
}

function tryList(path) {
  try {
    return readdirSync(path);
  } catch {
    return undefined;
  }
}

function hashOfSources() {
  const hash = createHash('sha256');
  hash.update(process.arch);
  for (const source of SOURCES) {
    for (const file of filesUnder(join(home, source))) {
      hash.update(relative(home, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** The `.node` program of this machine, beside the package that loads it. */
function copyNative(target) {
  const folder = join(home, 'node_modules/@node-rs');
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('argon2'))) {
    cpSync(join(folder, name), join(target, '@node-rs', name), { recursive: true });
  }
}

function copySounds(from, to) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copySounds(join(from, entry.name), join(to, entry.name));
    else if (/\.(wav|ulaw|sln)$/.test(entry.name)) {
      mkdirSync(to, { recursive: true });
      cpSync(join(from, entry.name), join(to, entry.name));
    }
  }
}

function isBuilt(target, hash) {
  const made = join(target, 'VERSION');
  return existsSync(made) && JSON.parse(readFileSync(made, 'utf8')).hash === hash;
}

export async function build() {
  const target = join(home, 'build');
  if (isBuilt(target, hashOfSources())) return;
  const letGo = setUpAlone();
  try {
    const hash = hashOfSources();
    if (!isBuilt(target, hash)) await make(target, hash);
  } finally {
    letGo();
  }
}

/** Beside each script and style what the server sends in its place, so that it never compresses while it serves. */
function compress(folder) {
  for (const name of readdirSync(folder).filter((entry) => /\.(js|css)$/.test(entry))) {
    const plain = readFileSync(join(folder, name));
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(plain));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(plain, { level: 9 }));
  }
}

async function make(target, hash) {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  say('building');
  const draft = join(home, 'build.new');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const esbuild = await import('esbuild');
  const common = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    loader: { '.yaml': 'text' },
    external: ['@node-rs/argon2', 'pg-native', 'bufferutil', 'utf-8-validate'],
    // Some dependencies are CommonJS and ask for `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  };
  const bundles = [
    ['packages/engine/src/cli.ts', 'launcher.js'],
    ['packages/server/src/main.ts', 'server/main.js'],
    ['packages/server/src/cli.ts', 'server/cli.js'],
  ];
  for (const [from, to] of bundles) {
    await esbuild.build({ ...common, entryPoints: [join(home, from)], outfile: join(draft, to) });
  }
  // Its helper process would stay as long as this one, which goes on to launch.
  await esbuild.stop();
  writeFileSync(join(draft, 'package.json'), '{ "type": "module" }\n');
  copyNative(join(draft, 'server/node_modules'));
  copySounds(join(home, 'sounds'), join(draft, 'sounds'));
  const vite = await import('vite');
  await vite.build({
    root: join(home, 'packages/console'),
    logLevel: 'warn',
    build: { outDir: join(draft, 'console'), emptyOutDir: true },
  });
  compress(join(draft, 'console/assets'));
  writeFileSync(join(draft, 'VERSION'), JSON.stringify({ version, hash }));
  chmodSync(draft, 0o755);
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  requireNode();
  requirePackages();
  await build();
}
