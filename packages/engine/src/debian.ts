import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from './errors.ts';
import { readJson, requireFreeSpace, withLock } from './files.ts';

export interface DebianPackages {
  /** The folder under which these packages are unpacked, as `/`. */
  readonly root: string;
  /** The dynamic loader and the library folders to run a program of it with, whatever the host's libc is. */
  readonly loader: string;
  readonly libraryPath: string;
  readonly versions: Readonly<Record<string, string>>;
}

export interface DebianRequest {
  readonly partsDir: string;
  /** Name of the folder, as `asterisk`. */
  readonly name: string;
  /** `host` is the machine's own release. */
  readonly release: 'forky' | 'host';
  readonly packages: readonly string[];
  readonly needMegabytes: number;
  readonly onProgress: (text: string) => void;
}

interface Manifest {
  readonly release: string;
  readonly requested: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

const KEYRINGS = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];
const NOT_NEEDED = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'usr/share/info',
  'usr/share/lintian',
];
const ARCHITECTURES: Readonly<Record<string, { triplet: string; loader: string }>> = {
  x64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

/** The command line that runs a program of an unpacked root by that root's own loader and libraries. */
export function rootedCommand(packages: DebianPackages, program: string): readonly [string, ...string[]] {
  return [packages.loader, '--library-path', packages.libraryPath, join(packages.root, program)];
}

/**
 * Debian packages with all they depend on, unpacked into a private folder: nothing is installed on the machine and no root is needed. The
 * mirror is the one the machine itself uses; its signature is checked with Debian's keyring. What is there and whole is not fetched again.
 * @throws EngineError NO_PACKAGE_TOOL, MIRROR_UNREACHABLE, SIGNATURE_BAD, UNPACK_FAILED, DISK_FULL, PLATFORM
 */
export async function provideDebianPackages(request: DebianRequest): Promise<DebianPackages> {
  const release = request.release === 'host' ? await hostCodename() : request.release;
  const final = join(request.partsDir, request.name);
  const requested = [...request.packages].sort();
  const whole = async (): Promise<Manifest | undefined> => {
    const manifest = await readJson<Manifest>(join(final, 'manifest.json'));
    const same = manifest?.release === release && manifest.requested.join() === requested.join();
    return same ? manifest : undefined;
  };
  let manifest = await whole();
  if (manifest === undefined) {
    await mkdir(request.partsDir, { recursive: true, mode: 0o755 });
    const lock = join(request.partsDir, `${request.name}.lock`);
    const waiting = (): void => request.onProgress(`${request.name}: another start is fetching it, waiting`);
    manifest = await withLock(lock, 600_000, waiting, async () => {
      return (await whole()) ?? (await fetchAndUnpack(request, release, requested, final));
    });
  }
  const { triplet, loader } = architecture();
  const libraries = join(final, 'root/usr/lib', triplet);
  return {
    root: join(final, 'root'),
    loader: join(libraries, loader),
    libraryPath: libraries,
    versions: manifest.versions,
  };
}

function architecture(): { readonly triplet: string; readonly loader: string } {
  const found = ARCHITECTURES[process.arch];
  if (process.platform === 'linux' && found !== undefined) return found;
  throw new EngineError(
    'PLATFORM',
    `Linux on amd64 or arm64 is needed; this is ${process.platform} on ${process.arch}.`,
  );
}

async function fetchAndUnpack(
  request: DebianRequest,
  release: string,
  requested: readonly string[],
  final: string,
): Promise<Manifest> {
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  for (const tool of ['apt-get', 'apt-config', 'dpkg-deb']) {
    if (!folders.some((folder) => existsSync(join(folder, tool)))) {
      const instead = 'Install it, or name an Asterisk of your own with SASAYAKI_ASTERISK.';
      throw new EngineError('NO_PACKAGE_TOOL', `The program ${tool} is missing on this machine. ${instead}`);
    }
  }
  await requireFreeSpace(request.partsDir, request.needMegabytes);
  const draft = `${final}.new`;
  await rm(draft, { recursive: true, force: true });
  const apt = join(draft, 'apt');
  const config = await writeAptState(apt, release);
  request.onProgress(`${request.name}: reading the package list of Debian ${release}`);
  await runApt(config, ['update', '-o', 'APT::Update::Error-Mode=any']);
  request.onProgress(`${request.name}: downloading`);
  await runApt(config, ['install', '--yes', '--download-only', '--', ...requested]);
  request.onProgress(`${request.name}: unpacking`);
  const root = join(draft, 'root');
  const versions = await unpackAll(join(apt, 'cache/archives'), root);
  for (const folder of NOT_NEEDED) await rm(join(root, folder), { recursive: true, force: true });
  await rm(apt, { recursive: true, force: true });
  const manifest: Manifest = { release, requested, versions };
  await writeFile(join(draft, 'manifest.json'), JSON.stringify(manifest, null, 2));
  await chmod(draft, 0o755);
  await rm(final, { recursive: true, force: true });
  await rename(draft, final);
  return manifest;
}

/**
 * Unpacks every package file of a folder over one root.
 * @returns the version of each package
 * @throws EngineError UNPACK_FAILED, DISK_FULL
 */
export async function unpackAll(archives: string, root: string): Promise<Readonly<Record<string, string>>> {
  await mkdir(root, { recursive: true });
  const versions: Record<string, string> = {};
  for (const deb of (await readdir(archives)).filter((name) => name.endsWith('.deb')).sort()) {
    const { code, output } = await run('dpkg-deb', ['-x', join(archives, deb), root], { LC_ALL: 'C' });
    if (code !== 0) {
      const full = /No space left/i.test(output);
      const detail = `${deb} could not be unpacked: ${lastLine(output)}`;
      throw new EngineError(full ? 'DISK_FULL' : 'UNPACK_FAILED', detail);
    }
    const [name = deb, version = ''] = deb.replace(/\.deb$/, '').split('_');
    versions[name] = decodeURIComponent(version);
  }
  return versions;
}

/** A package state of our own: an empty status makes apt bring everything, libc included. */
async function writeAptState(folder: string, release: string): Promise<string> {
  const keyring = KEYRINGS.find((path) => existsSync(path));
  if (keyring === undefined) {
    throw new EngineError('NO_PACKAGE_TOOL', "Debian's keyring is missing (package debian-archive-keyring).");
  }
  for (const inside of ['state/lists/partial', 'cache/archives/partial', 'etc/preferences.d']) {
    await mkdir(join(folder, inside), { recursive: true });
  }
  const mirror = await hostMirror();
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'etc/sources.list'), `deb [signed-by=${keyring}] ${mirror} ${release} main\n`);
  const quoted = (inside: string): string => `"${join(folder, inside)}"`;
  const config = join(folder, 'apt.conf');
  // The machine's own configuration still applies: it may hold the proxy that reaches the mirror.
  const own = process.env['APT_CONFIG'];
  const lines = [
    ...(own === undefined || own === '' ? [] : [`#include "${own}";`]),
    `Dir::State ${quoted('state')};`,
    `Dir::State::status ${quoted('status')};`,
    `Dir::Cache ${quoted('cache')};`,
    `Dir::Etc::SourceList ${quoted('etc/sources.list')};`,
    'Dir::Etc::SourceParts "/dev/null";',
    'Dir::Etc::Preferences "/dev/null";',
    `Dir::Etc::PreferencesParts ${quoted('etc/preferences.d')};`,
    'APT::Install-Recommends "false";',
    'Debug::NoLocking "true";',
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "20";',
    'APT::Sandbox::User "";',
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  return config;
}

async function runApt(config: string, args: readonly string[]): Promise<void> {
  const env = { APT_CONFIG: config, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  const { code, output } = await run('apt-get', ['-qq', ...args], env);
  if (code === 0) return;
  const said = lastLine(output);
  if (/NO_PUBKEY|BADSIG|EXPKEYSIG|REVKEYSIG|not signed|signature|Hash Sum mismatch/i.test(output)) {
    throw new EngineError(
      'SIGNATURE_BAD',
      `The package mirror's signature does not verify, so nothing of it is used: ${said}`,
    );
  }
  if (/No space left/i.test(output)) throw new EngineError('DISK_FULL', `The disk is full: ${said}`);
  const hint = "Check the network and the machine's package sources (apt-get update).";
  throw new EngineError('MIRROR_UNREACHABLE', `Packages could not be fetched: ${said} ${hint}`);
}

function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => line.startsWith('E:')) ?? lines.at(-1) ?? 'it said nothing').trim();
}

async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function hostCodename(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const [, codename] = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(text) ?? [];
  if (codename === undefined || !/^ID="?debian"?$/m.test(text)) {
    throw new EngineError('NO_PACKAGE_TOOL', 'This machine is not Debian, so its packages cannot be used.');
  }
  return codename;
}

/** The first mirror that the machine's own apt uses, wherever its configuration keeps its sources. */
async function hostMirror(): Promise<string> {
  const asked = ['shell', 'FILE', 'Dir::Etc::sourcelist/f', 'FOLDER', 'Dir::Etc::sourceparts/d'];
  const { output } = await run('apt-config', asked, {});
  const [file = '', folder = ''] = ['FILE', 'FOLDER'].map(
    (name) => new RegExp(`^${name}='(.*)'$`, 'm').exec(output)?.[1],
  );
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(list|sources)$/.test(name));
  const files = [file, ...names.sort().map((name) => join(folder, name))];
  const texts = await Promise.all(
    files.map(async (path) => ({ path, text: await readFile(path, 'utf8').catch(() => '') })),
  );
  const mirror = texts.flatMap(({ path, text }) => mirrorsIn(text, path.endsWith('.sources'))).at(0);
  if (mirror !== undefined) return mirror;
  throw new EngineError(
    'MIRROR_UNREACHABLE',
    "The machine's package sources name no mirror of Debian's archive.",
  );
}

/** The Debian archive's mirrors in a sources file: signed Debian suites with main, not security and not other makers' archives. */
export function mirrorsIn(text: string, isDeb822: boolean): readonly string[] {
  const archive = (uri: string | undefined): uri is string =>
    uri !== undefined && /^https?:\/\/\S+\/debian\/?$/.test(uri);
  if (!isDeb822) {
    return text
      .split('\n')
      .map((line) => /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s/.exec(line)?.[1])
      .filter(archive);
  }
  return text
    .split(/\n\s*\n/)
    .filter((stanza) => /^Types:(?:.*\s)?deb(?:\s|$)/m.test(stanza) && !/^Enabled:\s*no/im.test(stanza))
    .flatMap((stanza) => (/^URIs:\s*(.+)$/m.exec(stanza)?.[1] ?? '').split(/\s+/))
    .filter(archive);
}
