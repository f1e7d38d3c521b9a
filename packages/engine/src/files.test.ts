import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, readJson, requireFreeSpace, secretFile, withLock, writeWhole } from './files.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sasayaki-files-'));
});

afterAll(async () => rm(folder, { recursive: true, force: true }));

it('a secret is made once, for its owner only', async () => {
  const path = join(folder, 'secret');
  const secret = await secretFile(path, 24);
  expect(secret).toMatch(/^[\w-]{32}$/);
  expect(await secretFile(path, 24)).toBe(secret);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('a file is written whole, with its mode, over one that was looser', async () => {
  const path = join(folder, 'whole');
  await writeFile(path, 'old');
  await chmod(path, 0o666);
  await writeWhole(path, 'new', 0o600);
  expect(await readFile(path, 'utf8')).toBe('new');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('JSON that was cut short tells nothing', async () => {
  const path = join(folder, 'cut');
  await writeFile(path, '{"pid": 12');
  expect(await readJson(path)).toBeUndefined();
  expect(await readJson(join(folder, 'nothing'))).toBeUndefined();
});

it('DISK_FULL says how much is there, how much is needed, and where', async () => {
  await requireFreeSpace(folder, 0);
  await expect(requireFreeSpace(folder, 1e12)).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringMatching(/has \d+ MB of free space; 1000000000000 MB are needed/) as unknown,
  });
});

it('DATA_UNREACHABLE names the setting that chooses another folder', async () => {
  await expect(makeFolder('/dev/null/inside', 'SASAYAKI_DATA')).rejects.toMatchObject({
    code: 'DATA_UNREACHABLE',
    message: expect.stringContaining('SASAYAKI_DATA') as unknown,
  });
});

describe('a lock between processes', () => {
  it('lets one in at a time', async () => {
    const path = join(folder, 'lock');
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await readFile(path, 'utf8');
      inside -= 1;
    };
    const waits: number[] = [];
    await Promise.all(
      [1, 2, 3].map(async (number) => withLock(path, 10_000, () => waits.push(number), work)),
    );
    expect(most).toBe(1);
    expect(waits.length).toBeGreaterThan(0);
  });

  it('is taken over from a process that died', async () => {
    const path = join(folder, 'left');
    await writeFile(path, JSON.stringify({ pid: process.pid, startTime: 'of another life' }));
    expect(
      await withLock(
        path,
        1_000,
        () => undefined,
        () => Promise.resolve('in'),
      ),
    ).toBe('in');
  });

  it('is not waited for without end', async () => {
    const path = join(folder, 'held');
    await withLock(
      path,
      1_000,
      () => undefined,
      async () => {
        const second = withLock(
          path,
          50,
          () => undefined,
          () => Promise.resolve(),
        );
        await expect(second).rejects.toMatchObject({ code: 'UNPACK_FAILED' });
      },
    );
  });
});
