import { setTimeout as delay } from 'node:timers/promises';
import { AriClient } from '@sasayaki/ari';
import { sql } from 'kysely';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { SecondFactors } from './access/second-factor.ts';
import { apiRoutes } from './api.ts';
import { AccessService } from './access/service.ts';
import { AgentService } from './agents/service.ts';
import { listAgentsAt } from './agents/store.ts';
import { agentViews } from './agents/views.ts';
import { CallFollower } from './calls/follower.ts';
import { channelsOf } from './calls/legs.ts';
import { retoldPhones } from './calls/talk.ts';
import { LiveCallCenters } from './callcenters/live.ts';
import { CallCenterService } from './callcenters/service.ts';
import { WrapUp } from './callcenters/wrap-up.ts';
import { readConfig } from './config.ts';
import { migrate } from './database/migrations.ts';
import { NotificationListener, type Notice } from './database/notifications.ts';
import { openDatabase } from './database/pool.ts';
import { Vault } from './database/vault.ts';
import { CredentialCheck } from './dialing/credentials.ts';
import { LEVEL_KEPT_MS } from './dialing/lockout.ts';
import { DialService } from './dialing/service.ts';
import { removeOldLocks } from './dialing/store.ts';
import type { AgentView } from './http/contract.ts';
import { FeedHub } from './http/feed.ts';
import { createLog } from './http/log.ts';
import { createHttpServer } from './http/server.ts';
import { mediaOf, spokenLanguage } from './guidance/rules.ts';
import { SipSockets } from './http/sip-socket.ts';
import { monitoringEnd, monitoringViews } from './monitoring/views.ts';
import { PhoneService } from './phones/service.ts';
import { SettingsCache } from './settings/service.ts';
import { declineUnwanted } from './telephony/events.ts';
import { Telephony } from './telephony/service.ts';
import { readRegistrations } from './trunks/registrations.ts';
import { TrunkService } from './trunks/service.ts';

/** The Stasis application; the engine's dialplan names it. */
const APP = 'sasayaki';
/** Told of phones that come and go, and of nothing else. */
const WATCH_APP = 'sasayaki-phones';
const HOUR = 60 * 60_000;

const configPath = process.argv[2];
if (configPath === undefined) throw new Error('usage: main.js <config.json>');
const config = await readConfig(configPath);
const log = createLog(config.logLevel);
const fault = (error: unknown, what: string, about: object = {}): void =>
  log.error({ err: error, ...about }, what);

const db = openDatabase({
  url: config.databaseUrl,
  onIdleError: (error) => fault(error, 'a database connection broke'),
});
const vault = new Vault(config.masterKey);
await untilDatabase();
await migrate(db);

const metrics = new Registry();
collectDefaultMetrics({ register: metrics });
const dialOperations = new Counter({
  name: 'sasayaki_dial_operations_total',
  help: 'Dial operations by kind, door and outcome.',
  labelNames: ['operation', 'door', 'outcome'],
  registers: [metrics],
});

const settings = new SettingsCache(db);
await settings.refresh();

const ari = new AriClient({
  ...config.ari,
  app: `${APP},${WATCH_APP}`,
  logger: log.child({ about: 'asterisk' }),
});
ari.onConnected(async () => declineUnwanted(ari, APP));
const agents = new AgentService(db, {
  onSignedIn: (phone) => follower.signedIn(phone),
});
const phones = new PhoneService({
  db,
  vault,
  file: config.asterisk.phonesFile,
  timing: config.sipTiming,
  reload: reloadSip,
  onError: fault,
  onRegistration: (number) => void registrationChanged(number),
});
await phones.load();
let reloading: Promise<void> = Promise.resolve();
const trunks = new TrunkService({
  db,
  vault,
  ari,
  file: config.asterisk.trunksFile,
  timing: config.sipTiming,
  reload: reloadSip,
  settings: () => settings.current,
  channels: (trunk) => channelsOf(telephony.calls.all, trunk),
  registrations: async (list) => readRegistrations(config.ari, list),
  onFault: fault,
});
await trunks.load();

const factors = new SecondFactors(db, vault);
const access = new AccessService(db, factors);
const liveCallCenters = new LiveCallCenters({
  db,
  timeZone: () => settings.current.timeZone,
  enabled: () => settings.current.callCenterPlan,
  onNewDay: () => feed.callCentersChanged('all'),
  onFault: (error) => fault(error, 'changes of call centers could not be told'),
});
const feed = new FeedHub({
  db,
  views,
  monitoring: async () => monitoringViews(db, telephony.monitoring),
  callCenters: async (numbers) => liveCallCenters.views(numbers),
  alive: async (identities) => access.alive(identities),
  onFault: (error) => fault(error, 'the live feed could not be read'),
});
const credentials = new CredentialCheck({
  db,
  vault,
  onFault: (error) => fault(error, 'agents who dial could not be read'),
});
const dial = new DialService({
  agents,
  credentials,
  seatingEnabled: () => settings.current.seatViewOption,
  monitor: async (request) => telephony.monitoring.startFromDial(request),
  onOutcome: (operation, { door, phone, call }, outcome) => {
    dialOperations.inc({ operation, door, outcome });
    log.info({ operation, door, outcome, phone, call }, 'dial operation');
  },
  onFault: (error, { phone, call }) => log.error({ err: error, phone, call }, 'a dial operation failed'),
});
const telephony: Telephony = new Telephony({
  ari,
  app: APP,
  watchApp: WATCH_APP,
  soundsDir: config.soundsDir,
  phones,
  dial,
  settings: () => settings.current,
  lines: trunks,
  monitoring: {
    db,
    onChanged: (session, names) => {
      follower.touch(session.supervisor.phone);
      feed.monitoringChanged(monitoringEnd(session, names));
    },
  },
  isCallCenter: (number) => callCenters.isCallCenter(number),
  enterCallCenter: (callId) => callCenters.enter(callId),
  onFault: fault,
  onEngineState: (state) => feed.engineState(state),
  onTransferRefused: (call, reason) => log.info({ call, reason }, 'a transfer was refused'),
  onDialogueEnded: (phone) => callCenters.phonesChanged(phone),
  onCallsKnown: async () => {
    // The database may be away while Asterisk is not: what it missed is compared later.
    await follower.readWorld().catch((error: unknown) => fault(error, 'calls could not be compared'));
    await callCenters.readWorld();
    // Who waited and what was counted was put right without a word about each call center.
    feed.callCentersChanged('all');
  },
});
const follower = new CallFollower({
  db,
  agents,
  calls: telephony.calls,
  isListening: (phone) => telephony.monitoring.isListening(phone),
  onRecorded: ({ callCenter }) => {
    if (callCenter !== null) liveCallCenters.touched(callCenter);
  },
  onFault: fault,
});
telephony.calls.observe((before, after) => {
  const retold = retoldPhones(before, after);
  if (retold.length > 0) void phonesChanged(retold);
});
const callCenters = new CallCenterService({
  db,
  ari,
  agents,
  calls: telephony.calls,
  node: config.node,
  isRegistered: (phone) => phones.isRegistered(phone),
  isTaken: (phone) => telephony.isTaken(phone),
  media: ({ party }, prompts) => {
    const own = party.kind === 'phone' ? phones.phone(party.number)?.language : null;
    return mediaOf(config.soundsDir, spokenLanguage(own ?? null, settings.current.guidanceLanguage), prompts);
  },
  onChanged: (callCenter) => liveCallCenters.touched(callCenter),
  onFault: (error, what, call) => fault(error, what, { call }),
});
await callCenters.load();
const wrapUp = new WrapUp({
  db,
  agents,
  onFault: (error) => fault(error, 'after-call work could not be ended'),
});

gauge('sasayaki_phones_pending', 'Whether Asterisk does not know the latest phones yet.', () =>
  Number(phones.pending),
);
gauge(
  'sasayaki_settings_read_timestamp_seconds',
  'When the settings that hold were read.',
  () => settings.readAt / 1_000,
);
gauge('sasayaki_feed_viewers', 'Open live feeds.', () => feed.viewers);
gauge('sasayaki_asterisk_connected', 'Whether the server is connected to Asterisk.', () =>
  Number(ari.state === 'connected'),
);
gauge('sasayaki_legs', 'Legs that the server owns.', () => telephony.load.legs);
gauge('sasayaki_calls', 'Calls that go on.', () => telephony.load.calls);
gauge('sasayaki_waiting_callers', 'Callers who wait for an agent.', () => callCenters.size);
gauge('sasayaki_outside_channels', 'Outside channels in use.', () => telephony.calls.outsideChannels);
gauge(
  'sasayaki_outside_call_limit',
  'Outside channels that are allowed at a time; -1 is no limit.',
  () => settings.current.outsideCallLimit ?? -1,
);
gauge('sasayaki_trunks_pending', 'Whether Asterisk does not know the latest trunks yet.', () =>
  Number(trunks.pending),
);
new Gauge({
  name: 'sasayaki_trunk_up',
  help: 'Whether a trunk that is on is well: 1, 0, or 0.5 while that is not known.',
  labelNames: ['trunk'],
  registers: [metrics],
  collect() {
    this.reset();
    for (const { id, enabled, reach } of trunks.views())
      if (enabled) this.set({ trunk: id }, reach === 'up' ? 1 : reach === 'down' ? 0 : 0.5);
  },
});
gauge('sasayaki_monitoring_sessions', 'Monitoring sessions that run.', () => telephony.monitoring.size);

const sip = new SipSockets({
  asterisk: config.ari.url,
  isSession: async (token) => (await access.session(token)) !== undefined,
  onFault: (error) => fault(error, 'sessions of softphones could not be looked at'),
});
gauge('sasayaki_softphone_connections', 'Open SIP connections of pages.', () => sip.size);
const app = await createHttpServer({
  access,
  feed,
  sip,
  consoleDir: config.consoleDir,
  log,
  metrics,
  ailing,
  version: config.version,
  routes: apiRoutes({
    db,
    vault,
    access,
    factors,
    agents,
    phones,
    trunks,
    telephony,
    liveCallCenters,
    views,
    settings: () => settings.current,
    settingsChanged: async () => settings.refresh(),
    sipPort: config.sipPort,
  }),
});

const listener = new NotificationListener({
  url: config.databaseUrl,
  onNotice: (notice) => noticed(notice),
  onConnected: () => {
    // What was said while nobody listened is read again.
    for (const kind of ['settings', 'phones', 'trunks', 'agents_all', 'call_centers', 'sessions'] as const)
      noticed({ kind });
    telephony.monitoring.accessChanged();
  },
  onError: (error) => fault(error, 'the database does not send notices'),
});
await listener.start();
ari.start();
await app.listen({ host: config.bind, port: config.httpPort });
const cleaning = setInterval(() => {
  const before = new Date(Date.now() - LEVEL_KEPT_MS);
  removeOldLocks(db, before).catch((error: unknown) => fault(error, 'old locks could not be removed'));
}, HOUR);
log.info({ port: config.httpPort, version: config.version }, 'the server listens');

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());

/** Calls go on without us; what is being written is written to the end. */
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({}, 'stopping');
  clearInterval(cleaning);
  await ari.stop();
  await app.close();
  await listener.stop();
  liveCallCenters.stop();
  await wrapUp.stop();
  await credentials.stop();
  await callCenters.stop();
  await follower.stop();
  await telephony.monitoring.close();
  await phones.stop();
  await trunks.stop();
  await db.destroy();
  process.exit(0);
}

function noticed(notice: Notice): void {
  switch (notice.kind) {
    case 'agents':
      feed.agentsChanged(notice.ids);
      credentials.agentsChanged(notice.ids);
      telephony.monitoring.agentsChanged(notice.ids);
      callCenters.agentsChanged(notice.ids);
      wrapUp.agentsChanged();
      break;
    case 'agents_all':
      feed.agentsChanged('all');
      credentials.agentsChanged('all');
      telephony.monitoring.agentsChanged('all');
      callCenters.agentsChanged('all');
      wrapUp.agentsChanged();
      break;
    case 'phones':
      phones.changed();
      break;
    case 'call_centers':
      callCenters.load().catch((error: unknown) => fault(error, 'call centers could not be read'));
      break;
    case 'call_center_figures':
      feed.callCentersChanged(notice.callCenters);
      break;
    case 'trunks':
      trunks.changed();
      break;
    case 'settings':
      settings.refresh().then(
        () => liveCallCenters.settingsChanged(),
        (error: unknown) => fault(error, 'settings could not be read'),
      );
      break;
    case 'sessions':
      feed.sessionsChanged();
      sip.sessionsChanged();
      break;
    case 'access':
      feed.accessChanged();
      telephony.monitoring.accessChanged();
      break;
  }
}

async function views(ids?: readonly number[]): Promise<readonly AgentView[]> {
  return agentViews(
    { db, calls: telephony.calls.all, isRegistered: (number) => phones.isRegistered(number) },
    ids,
  );
}

/** Phones and trunks are read by the same part of Asterisk, which refuses a reload while it does another. */
async function reloadSip(): Promise<void> {
  const mine = reloading
    .catch(() => undefined)
    .then(async () => {
      await ari.asterisk.reloadModule({ moduleName: 'res_pjsip.so' });
      await telephony.watchPhones();
    });
  reloading = mine;
  return mine;
}

/** A phone came or went: the agent who is signed in at it is shown anew. */
async function registrationChanged(number: string | undefined): Promise<void> {
  if (stopping) return;
  callCenters.phonesChanged(number);
  if (number === undefined) feed.agentsChanged('all');
  else await phonesChanged([number]);
}

/** What a phone does changed, though perhaps no status: the agents who are signed in there are shown anew. */
async function phonesChanged(numbers: readonly string[]): Promise<void> {
  try {
    const ids = await listAgentsAt(db, numbers);
    if (ids.length > 0) feed.agentsChanged(ids);
  } catch (error) {
    fault(error, 'what a phone does could not be shown');
  }
}

async function ailing(): Promise<readonly string[]> {
  const databaseUp = await sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
  return [...(databaseUp ? [] : ['database']), ...(ari.state === 'connected' ? [] : ['asterisk'])];
}

/** The database may still be starting, or be away for a while. The launcher gives up before we do. */
async function untilDatabase(): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await sql`select 1`.execute(db);
      return;
    } catch (error) {
      if (attempt === 0) fault(error, 'the database does not answer yet');
      await delay(500);
    }
  }
}

function gauge(name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [metrics],
    collect() {
      this.set(read());
    },
  });
}
