import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mirrorsIn, rootedCommand, unpackAll } from './debian.ts';

const SOURCES = `# what the installer wrote
Types: deb deb-src
URIs: http://mirror.example/debian http://second.example/debian/
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb-src
URIs: http://source.example/debian
Suites: bookworm
Components: main
`;

const LIST = `# deb http://commented.example/debian bookworm main
deb [signed-by=/usr/share/keyrings/x.gpg arch=amd64] https://mirror.example/debian bookworm main
deb http://security.example/debian-security bookworm-security main
deb-src http://source.example/debian bookworm main
deb http://plain.example/debian/ bookworm main
deb https://maker.example/repo stable main
`;

it('the mirrors of a .sources file are those of Debian’s archive that are on and give programs', () => {
  expect(mirrorsIn(SOURCES, true)).toEqual(['http://mirror.example/debian', 'http://second.example/debian/']);
});

it('the mirrors of a .list file too', () => {
  expect(mirrorsIn(LIST, false)).toEqual(['https://mirror.example/debian', 'http://plain.example/debian/']);
});

it.each([['', true] as const, ['', false] as const, ['nonsense', true] as const, ['deb', false] as const])(
  'a file of nothing names none (%j)',
  (text, isDeb822) => {
    expect(mirrorsIn(text, isDeb822)).toEqual([]);
  },
);

it('a program of an unpacked root runs by that root’s loader', () => {
  const packages = { root: '/r', loader: '/r/lib/ld.so', libraryPath: '/r/lib', versions: {} };
  expect(rootedCommand(packages, 'usr/sbin/asterisk')).toEqual([
    '/r/lib/ld.so',
    '--library-path',
    '/r/lib',
    '/r/usr/sbin/asterisk',
  ]);
});

it('a package that came broken is UNPACK_FAILED, and named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sasayaki-unpack-'));
  try {
    await mkdir(join(folder, 'archives'));
    await writeFile(join(folder, 'archives/broken_1.0_all.deb'), '!<arch>\nand nothing more');
    await expect(unpackAll(join(folder, 'archives'), join(folder, 'root'))).rejects.toMatchObject({
      code: 'UNPACK_FAILED',
      exitCode: 16,
      message: expect.stringContaining('broken_1.0_all.deb') as unknown,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
