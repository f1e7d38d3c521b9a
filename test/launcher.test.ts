import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { System } from './kit/system.ts';
import { until } from './kit/wait.ts';

const opened: System[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const system of opened.splice(0)) await system.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function start(options: Parameters<typeof System.start>[0] = {}): Promise<System> {
  const system = await System.start({ applySite: false, ...options });
  opened.push(system);
  return system;
}

async function folder(name = 'sasayaki-data-'): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), name));
  folders.push(path);
  return path;
}

describe('npm start', () => {
  it('prints the console, the first account with a one-time password, the SIP address and the sample phones', async () => {
    const system = await start();
    expect(system.output).toContain(`http://127.0.0.1:${system.httpPort}/`);
    expect(system.output).toMatch(/Account\s+admin/);
    expect(system.oneTimePassword.length).toBeGreaterThanOrEqual(16);
    expect(system.output).toContain(`127.0.0.1:${system.sipPort}`);
    for (const number of ['1000', '1001', '1002', '1003', '1004', '1005']) {
      expect(system.output).toMatch(new RegExp(`${number} {2}\\w+ +[\\w-]{20,}`));
    }
  });

  it('ends all parts in order on Ctrl-C, and starts again on the same data without a new first account', async () => {
    const system = await start();
    expect(await system.stop()).toBe(0);
    expect((await system.command(['status'])).code).toBe(3);
    const printed = system.output.length;
    await system.launch();
    expect(system.output.slice(printed)).not.toMatch(/Account\s+admin/);
    expect((await system.command(['status'])).code).toBe(0);
  });

  it('a second start on the same data says that it runs, and does no harm', async () => {
    const system = await start();
    const before = await system.part('server');
    const second = await system.command(['start']);
    expect(second.code).toBe(0);
    expect(second.output).toContain('runs already');
    expect(await system.part('server')).toEqual(before);
  });

  it('two instances run side by side', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await Promise.all([one.healthy(), two.healthy()]);
    expect(one.oneTimePassword).not.toBe(two.oneTimePassword);
  });

  it('works in a data directory whose path has spaces and Japanese letters', async () => {
    const parent = await folder();
    // mkdtemp makes a folder that only its owner may enter; the parts' user must get through it.
    await chmod(parent, 0o755);
    const system = await start({ dataDir: join(parent, 'ささやき の データ') });
    await system.healthy();
  });

  it('no part runs as root, and files with secrets are for their owner only', async () => {
    const system = await start();
    for (const part of ['postgres', 'asterisk', 'server'] as const) {
      const found = await system.part(part);
      const status = await readFile(`/proc/${found?.pid ?? 0}/status`, 'utf8');
      expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0');
    }
    for (const name of [
      'run/config.json',
      'secrets/master.key',
      'secrets/ari.password',
      'asterisk/etc/ari.conf',
      'asterisk/etc/pjsip.d/phones.conf',
    ]) {
      expect((await stat(join(system.dataDir, name))).mode & 0o077).toBe(0);
    }
  });
});

describe('what is wrong has its own code', () => {
  it('PORT_TAKEN names who has it', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      await expect(start({ env: { SASAYAKI_HTTP_PORT: String(port) } })).rejects.toThrow(
        new RegExp(
          `ended with 12:[^]*PORT_TAKEN: Port ${port} \\(tcp\\) is taken by .*process ${process.pid}`,
        ),
      );
    } finally {
      server.close();
    }
  });

  it('DATA_NEWER when a newer release has used the data', async () => {
    const dataDir = await folder();
    await writeFile(join(dataDir, 'VERSION'), '99.0.0\n');
    await expect(start({ dataDir })).rejects.toThrow(/ended with 23:[^]*DATA_NEWER/);
  });

  it('DATABASE_OTHER_VERSION when the cluster is of another PostgreSQL', async () => {
    const dataDir = await folder();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres/PG_VERSION'), '14\n');
    await expect(start({ dataDir })).rejects.toThrow(/ended with 21:[^]*DATABASE_OTHER_VERSION/);
  });

  it('DATABASE_UNREACHABLE when DATABASE_URL leads nowhere', async () => {
    const env = { DATABASE_URL: 'postgresql://nobody:nothing@127.0.0.1:9/none' };
    await expect(start({ env })).rejects.toThrow(/ended with 20:[^]*DATABASE_UNREACHABLE/);
  });

  it('ASTERISK_TOO_OLD when the Asterisk that is named is older', async () => {
    const parent = await folder();
    await mkdir(join(parent, 'sbin'));
    await mkdir(join(parent, 'lib/asterisk/modules'), { recursive: true });
    await mkdir(join(parent, 'share/asterisk'), { recursive: true });
    const program = join(parent, 'sbin/asterisk');
    await writeFile(program, '#!/bin/sh\necho "Asterisk 20.5.0"\n', { mode: 0o755 });
    await expect(start({ env: { SASAYAKI_ASTERISK: program } })).rejects.toThrow(
      /ended with 17:[^]*ASTERISK_TOO_OLD/,
    );
  });

  it('SETTING_INVALID when a port is none', async () => {
    await expect(start({ env: { SASAYAKI_SIP_PORT: 'sip' } })).rejects.toThrow(
      /ended with 11:[^]*SETTING_INVALID/,
    );
  });

  it('SITE_INVALID with line and column, and nothing changed', async () => {
    const system = await start();
    const before = (await system.command(['export'])).output;
    const bad =
      'site: 1\nphones:\n  - { number: "2000", name: 新しい, kind: desk }\naccounts:\n  - { loginName: x, displayName: X, role: king }\n';
    const { code, output } = await system.command(['apply', '-'], bad);
    expect(code).not.toBe(0);
    expect(output).toMatch(/SITE_INVALID: line 5, column \d+: accounts\.0\.role/);
    expect((await system.command(['export'])).output).toBe(before);
  });
});

it('a site file that was exported can be applied again and changes nothing', async () => {
  const system = await start();
  const exported = (await system.command(['export'])).output;
  expect((await system.command(['apply', '-'], exported)).code).toBe(0);
  expect((await system.command(['export'])).output).toBe(exported);
});

it('a command waits for a database that is slow to answer, where the server has given up', async () => {
  const system = await start();
  await system.freeze('postgres', true);
  try {
    const exporting = system.command(['export']);
    await until('the server to find the database not answering', 30_000, async () => {
      return (await fetch(`${system.baseUrl}/healthz`)).status === 503;
    });
    await system.freeze('postgres', false);
    expect(await exporting).toMatchObject({ code: 0, output: expect.stringContaining('site: 1') as string });
  } finally {
    await system.freeze('postgres', false);
  }
});
