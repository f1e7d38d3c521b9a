import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { EngineError } from './errors.ts';
import { Instance } from './instance.ts';
import { claimLauncher, findLauncher, startAll, watch, writeReady, type StartReport } from './launcher.ts';
import type { PartName } from './parts.ts';
import { endProcess, usageOf } from './processes.ts';
import { readSettings, type EngineSettings } from './settings.ts';

const USAGE = `Sasayaki

  npm start                                   start everything, stay in the foreground
  npm start -- --demo                         the same, with practice callers and agents who talk
  npm stop                                    end everything, in order
  npm run sasayaki -- status                  what runs
  npm run sasayaki -- phones                  SIP address and credentials of the phones
  npm run sasayaki -- dial-credentials        dial IDs and passwords of the agents
  npm run sasayaki -- apply FILE              apply a site file (- reads standard input)
  npm run sasayaki -- export                  write the site as a file
  npm run sasayaki -- reset-password NAME     a new one-time password for an account
`;

const say = (text: string): void => void process.stderr.write(`sasayaki: ${text}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

/**
 * The command line. Gives the exit code; what is wrong is one sentence on standard error, after its code.
 * @param home the clone: where `build/` and `node_modules/` are
 */
export async function main(home: string, argv: readonly string[]): Promise<number> {
  try {
    const settings = readSettings(process.env, process.getuid?.() === 0);
    return await perform(settings, home, argv);
  } catch (error) {
    if (error instanceof EngineError) {
      process.stderr.write(`\nsasayaki: ${error.code}: ${error.message}\n`);
      return error.exitCode;
    }
    throw error;
  }
}

async function perform(settings: EngineSettings, home: string, argv: readonly string[]): Promise<number> {
  const [command = 'help', ...args] = argv;
  const instance = new Instance(settings, home, say);
  switch (command) {
    case 'start':
      return start(settings, instance, readDemo(args));
    case 'stop':
      return stop(instance);
    case 'status':
      return status(settings, instance);
    case 'apply':
    case 'export':
    case 'phones':
    case 'dial-credentials':
    case 'reset-password':
      return pass(instance, command, args);
    case 'help':
    case '--help':
      print(USAGE);
      return 0;
    default:
      throw new EngineError('USAGE', `"${command}" is no command.\n\n${USAGE}`);
  }
}

/** @throws EngineError USAGE */
function readDemo(args: readonly string[]): boolean {
  const unknown = args.find((argument) => argument !== '--demo');
  if (unknown !== undefined)
    throw new EngineError('USAGE', `start knows --demo and nothing else, not "${unknown}".`);
  return args.length > 0;
}

async function start(settings: EngineSettings, instance: Instance, demo: boolean): Promise<number> {
  const other = await findLauncher(instance.runDir);
  if (other !== undefined) {
    if (demo && (await instance.find('practice')) === undefined)
      say('runs already, without practice calls. For these: npm stop, then npm start -- --demo.');
    else
      say(
        `runs already (process ${other.pid}); the console is at ${consoleUrl(settings)}. npm stop ends it.`,
      );
    return 0;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!stopping.signal.aborted) say('stopping');
      stopping.abort();
    });
  }
  // A terminal that went away must not take the launcher with it before the parts are ended.
  process.stdout.on('error', () => stopping.abort());
  process.stderr.on('error', () => stopping.abort());
  await instance.prepare();
  await claimLauncher(instance.runDir);
  let endAll = true;
  try {
    const report = await startAll(instance, demo, say);
    const { httpPort, sipPort, bind } = settings;
    await writeReady(instance, { httpPort, sipPort, bind });
    if (!stopping.signal.aborted) print(welcome(settings, report));
    await watch(instance, stopping.signal, say);
  } catch (error) {
    // What runs goes on when one part keeps dying: calls are worth more than order.
    if (error instanceof EngineError && error.code === 'PART_KEEPS_DYING') endAll = false;
    throw error;
  } finally {
    await rm(join(instance.runDir, 'ready.json'), { force: true });
    if (endAll) await instance.endAll();
    await rm(join(instance.runDir, 'launcher.json'), { force: true });
  }
  say('stopped');
  return 0;
}

async function stop(instance: Instance): Promise<number> {
  const launcher = await findLauncher(instance.runDir);
  if (launcher !== undefined) await endProcess(launcher, 'SIGTERM', 60_000);
  // Without a launcher the parts may still run.
  await instance.endAll();
  say(launcher === undefined ? 'nothing watched it; what ran was ended' : 'stopped');
  return 0;
}

async function status(settings: EngineSettings, instance: Instance): Promise<number> {
  const launcher = await findLauncher(instance.runDir);
  const rows = [['launcher', launcher === undefined ? 'not running' : `runs, process ${launcher.pid}`]];
  let running = 0;
  for (const part of instance.parts) {
    const found = await instance.find(part);
    if (found !== undefined) running += 1;
    rows.push([part, found === undefined ? 'not running' : `runs, ${describe(found)}`]);
  }
  const practice = await instance.find('practice');
  if (practice !== undefined) rows.push(['practice', `runs, ${describe(practice)}`]);
  const healthy = running > 0 && (await instance.healthy());
  rows.push(
    ['console', healthy ? `${consoleUrl(settings)} (healthy)` : 'not available'],
    ['data', settings.dataDir],
  );
  for (const [name = '', text = ''] of rows) print(`${name.padEnd(10)} ${text}`);
  return running === instance.parts.length && healthy ? 0 : 3;
}

function describe(part: {
  readonly pid: number;
  readonly startTime: string;
  readonly part: PartName;
}): string {
  const usage = usageOf(part);
  if (usage === undefined) return `process ${part.pid}`;
  const minutes = Math.round((Date.now() - usage.startedAt) / 60_000);
  return `process ${part.pid}, ${Math.round(usage.residentBytes / 1e6)} MB, for ${minutes} min`;
}

async function pass(instance: Instance, command: string, args: readonly string[]): Promise<number> {
  if ((await instance.find('server')) === undefined) {
    throw new EngineError('NOT_RUNNING', 'Sasayaki does not run. Start it with npm start, then try again.');
  }
  await instance.prepare();
  let input = '';
  let passed = args;
  if (command === 'apply') {
    const [file] = args;
    if (file === undefined) throw new EngineError('USAGE', 'apply needs a file, or - for standard input.');
    // Read with the caller's rights: the user who runs the parts may not be able to.
    const read = file === '-' ? text(process.stdin) : readFile(file, 'utf8');
    input = await read.catch((error: unknown) => {
      const why = error instanceof Error ? error.message : 'unknown reason';
      throw new EngineError('USAGE', `${file} cannot be read: ${why}`);
    });
    passed = ['-'];
  }
  process.stdout.write(instance.command([command, ...passed], input));
  return 0;
}

function consoleUrl({ bind, httpPort }: EngineSettings): string {
  const host = bind === '0.0.0.0' || bind === '::' ? 'localhost' : bind.includes(':') ? `[${bind}]` : bind;
  return `http://${host}:${httpPort}/`;
}

function welcome(settings: EngineSettings, report: StartReport): string {
  const lines = ['', `  Console      ${consoleUrl(settings)}`];
  if (report.admin !== undefined) {
    lines.push(
      `  Account      ${report.admin.loginName}`,
      `  Password     ${report.admin.oneTimePassword}   (once: the console asks for a new one)`,
    );
  }
  lines.push(`  SIP address  ${settings.bind}:${settings.sipPort} (UDP and TCP)`);
  if (report.firstStart) {
    lines.push('', '  Sample phones (user is the number):');
    for (const phone of report.phones) {
      lines.push(`    ${phone.number}  ${phone.kind.padEnd(7)}  ${phone.sipPassword}`);
    }
    lines.push(
      '',
      '  First: register a softphone as 1000, dial 0010, and look at the console. Its dial ID and password: npm run sasayaki -- dial-credentials',
    );
  } else {
    lines.push('  Phones       npm run sasayaki -- phones');
  }
  if (report.practice !== undefined) {
    lines.push(
      `  Practice     callers call ${report.practice.called}, and practice agents answer. Sign in to the console: it shows the way.`,
    );
  }
  return [...lines, '  Stop         Ctrl-C, or npm stop', ''].join('\n');
}
