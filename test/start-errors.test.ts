import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../packages/server/src/database/pool.ts';
import { OutsideDatabase } from './kit/outside-database.ts';
import { SATO, System } from './kit/system.ts';
import { until } from './kit/wait.ts';

const opened: System[] = [];
const folders: string[] = [];
const servers: Server[] = [];

afterEach(async () => {
  for (const system of opened.splice(0)) await system.close();
  for (const server of servers.splice(0)) server.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function start(options: Parameters<typeof System.start>[0] = {}): Promise<System> {
  const system = await System.start({ applySite: false, ...options });
  opened.push(system);
  return system;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sasayaki-start-'));
  folders.push(path);
  return path;
}

/** The environment of a machine whose apt knows one mirror, and which has no Asterisk yet. */
async function machineWith(mirror: string): Promise<Readonly<Record<string, string>>> {
  const home = await folder();
  await mkdir(join(home, 'none'));
  await writeFile(join(home, 'sources.list'), `deb ${mirror} bookworm main\n`);
  const own = `Dir::Etc::sourcelist "${home}/sources.list";\nDir::Etc::sourceparts "${home}/none";\n`;
  await writeFile(join(home, 'apt.conf'), own);
  return { APT_CONFIG: join(home, 'apt.conf'), SASAYAKI_PARTS: join(home, 'parts') };
}

/** A mirror on this machine that serves these files and nothing else. */
async function mirrorOf(files: Readonly<Record<string, string>>): Promise<string> {
  const server = createServer((request, response) => {
    const found = files[request.url ?? ''];
    response.writeHead(found === undefined ? 404 : 200).end(found);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/debian`;
}

/** Signed with a key that nobody knows: it was made for this test and thrown away. */
const SIGNED_BY_A_STRANGER = `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

Origin: Debian
Label: Debian
Suite: testing
Codename: forky
Date: Sat, 01 Nov 2025 00:00:00 UTC
Architectures: amd64 arm64
Components: main
SHA256:
-----BEGIN PGP SIGNATURE-----

iHUEARYKAB0WIQTw+rREm5Efril8sO3oMkzH43SwuQUCawFHqgAKCRDoMkzH43Sw
ufw5AP0Vg/x73Fs4xzG2IJF/kIgVx59607n7WLtTRcTdHJG1ogEAwEGYcPTkIZdX
GDdXSbvxYZAuTTXPG9fvpz/3oMvleg4=
=/S2n
-----END PGP SIGNATURE-----
`;

describe('a start on a machine that lacks something', () => {
  it('NODE_TOO_OLD on a Node.js before 20.19, before anything is touched', async () => {
    const home = await folder();
    const older = join(home, 'older.cjs');
    await writeFile(
      older,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } });\n",
    );
    const script = fileURLToPath(new URL('../scripts/start.mjs', import.meta.url));
    const run = spawnSync(process.execPath, ['--require', older, script], {
      encoding: 'utf8',
      env: { ...process.env, SASAYAKI_DATA: join(home, 'data') },
    });
    expect(run.status).toBe(10);
    expect(run.stderr).toContain('NODE_TOO_OLD: Node.js 20.19 or newer is needed; this is 20.18.3.');
  });

  it('NO_PACKAGE_TOOL without Debian’s package tools', async () => {
    const env = { ...(await machineWith('http://127.0.0.1:9/debian')), PATH: await folder() };
    await expect(start({ env })).rejects.toThrow(/ended with 13:[^]*NO_PACKAGE_TOOL: The program apt-get/);
  });

  it('MIRROR_UNREACHABLE when nothing answers at the machine’s mirror', async () => {
    const env = await machineWith('http://127.0.0.1:9/debian');
    await expect(start({ env })).rejects.toThrow(/ended with 14:[^]*MIRROR_UNREACHABLE/);
  });

  it('MIRROR_UNREACHABLE when the machine’s sources name none of Debian’s mirrors', async () => {
    const env = await machineWith('http://127.0.0.1:9/of-somebody-else');
    await expect(start({ env })).rejects.toThrow(/ended with 14:[^]*MIRROR_UNREACHABLE: .*name no mirror/);
  });

  it('SIGNATURE_BAD when the mirror’s list is signed by a stranger', async () => {
    const mirror = await mirrorOf({ '/debian/dists/forky/InRelease': SIGNED_BY_A_STRANGER });
    await expect(start({ env: await machineWith(mirror) })).rejects.toThrow(
      /ended with 15:[^]*SIGNATURE_BAD: The package mirror's signature does not verify/,
    );
  });

  it('SIGNATURE_BAD when the mirror’s list is not signed', async () => {
    const unsigned = 'Suite: testing\nCodename: forky\nDate: Sat, 01 Nov 2025 00:00:00 UTC\nSHA256:\n';
    const mirror = await mirrorOf({ '/debian/dists/forky/Release': unsigned });
    await expect(start({ env: await machineWith(mirror) })).rejects.toThrow(
      /ended with 15:[^]*SIGNATURE_BAD/,
    );
  });

  it('DATA_UNREACHABLE when the data directory cannot be made', async () => {
    await expect(start({ env: { SASAYAKI_DATA: '/dev/null/data' } })).rejects.toThrow(
      /ended with 24:[^]*DATA_UNREACHABLE: \/dev\/null\/data cannot be used/,
    );
  });
});

/** Only root can choose whom the parts run as, and mount a small disk. */
describe.runIf(process.getuid?.() === 0)('a start by root', () => {
  it('DATA_UNREACHABLE when the parts’ user cannot get to the data directory', async () => {
    // mkdtemp makes a folder that only its owner may enter.
    const dataDir = join(await folder(), 'data');
    await expect(start({ dataDir })).rejects.toThrow(
      /ended with 24:[^]*DATA_UNREACHABLE: the user \w+, who runs the parts, cannot use/,
    );
  });

  it('DISK_FULL when the data directory’s disk has too little space', async (context) => {
    const disk = await folder();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=755', 'tmpfs', disk]);
    context.skip(mounted.status !== 0, 'this machine lets nobody mount');
    try {
      await expect(start({ dataDir: join(disk, 'data') })).rejects.toThrow(
        /ended with 22:[^]*DISK_FULL: .* has \d+ MB of free space; 300 MB are needed/,
      );
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

// What waits for long; each closes its own system, since the other runs beside it.
describe.concurrent('a system that runs', () => {
  it('a part that dies again and again is given up with its last words, and the others go on', async () => {
    const system = await System.start({ applySite: false });
    try {
      const [server, postgres] = [await system.part('server'), await system.part('postgres')];
      const killed = new Set<number>();
      await until('the launcher to give up', 80_000, async () => {
        const pid = (await system.part('asterisk'))?.pid;
        if (pid !== undefined && !killed.has(pid)) {
          process.kill(pid, 'SIGKILL');
          killed.add(pid);
        }
        return system.output.includes('PART_KEEPS_DYING');
      });
      expect(system.output).toMatch(
        /PART_KEEPS_DYING: asterisk died 9 times in five minutes and is given up/,
      );
      expect(await system.exited()).toBe(26);
      expect(await system.part('server')).toEqual(server);
      expect(await system.part('postgres')).toEqual(postgres);
      expect(await system.query('select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      await system.close();
    }
  }, 120_000);

  it('DATABASE_URL: everything is in the database that was named, and it is left running', async () => {
    const database = await OutsideDatabase.start();
    const system = await System.start({ env: { DATABASE_URL: database.url } });
    try {
      expect(await system.part('postgres')).toBeUndefined();
      const phone = await system.phone('1000');
      await phone.call(`0009*${SATO.dialId}*${SATO.dialPassword}*1000`);
      await phone.ended();
      expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
      expect((await system.command(['status'])).code).toBe(0);
      expect(await system.stop()).toBe(0);
      expect(database.isRunning).toBe(true);
      await system.launch();
      expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
    } finally {
      await system.close();
      await database.close();
    }
  });

  it('a connection that breaks between two queries of a transaction fails that transaction, not the process', async () => {
    const database = await OutsideDatabase.start();
    const [db, other] = [1, 2].map(() => openDatabase({ url: database.url, onIdleError: () => undefined }));
    if (db === undefined || other === undefined) throw new Error('There is no database.');
    try {
      const broken = db.transaction().execute(async (trx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
        const pid = rows[0]?.pid ?? 0;
        await sql`select pg_terminate_backend(${pid})`.execute(other);
        await until('the connection to be gone', 10_000, async () => {
          const left = await sql`select from pg_stat_activity where pid = ${pid}`.execute(other);
          return left.rows.length === 0;
        });
        await sql`select 1`.execute(trx);
      });
      await expect(broken).rejects.toThrow();
      expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
    } finally {
      await Promise.all([db.destroy(), other.destroy()]);
      await database.close();
    }
  });
});
