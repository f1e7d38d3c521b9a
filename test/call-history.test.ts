import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  CallsAnswer,
  CallView,
  FiguresAnswer,
  WaitingAnswer,
} from '../packages/server/src/http/contract.ts';
import { Api } from './kit/api.ts';
import { CALLERS, CallCenterFloor } from './kit/call-center.ts';
import { LiveFeed } from './kit/feed.ts';
import { SATO } from './kit/system.ts';
import { until } from './kit/wait.ts';

let floor: CallCenterFloor;
let sato: Api;
let takahashi: Api;
let feed: LiveFeed;

/** One morning: in 7000 a call that is answered, one that is given up; one inside; one dial operation; nothing else. */
beforeAll(async () => {
  floor = await CallCenterFloor.open();
  sato = await Api.signIn(floor.system, 'sato');
  takahashi = await Api.signIn(floor.system, 'takahashi');
  await floor.clear();
  feed = await LiveFeed.open(floor.system, floor.suzuki);
}, 120_000);
afterAll(async () => {
  feed.close();
  await floor.system.close();
});

async function figures(api: Api, number = '7000'): Promise<FiguresAnswer> {
  const { status, body } = await api.get<FiguresAnswer>(`/api/call-centers/${number}/figures`);
  expect(status).toBe(200);
  return body;
}

async function calls(api: Api, query = ''): Promise<readonly CallView[]> {
  const { status, body } = await api.get<CallsAnswer>(`/api/history/calls?${query}`);
  expect(status).toBe(200);
  return body.calls;
}

const brief = (list: readonly CallView[]): readonly string[] =>
  list.map(({ caller, dialled, result }) => `${caller} ${dialled} ${result}`);

describe('call centers live', () => {
  it('are in the feed from the first message on, as far as the account may see them, with nothing yet', () => {
    expect(feed.callCenters).toEqual(['7000']);
    expect(feed.callCenter('7000')).toMatchObject({
      name: 'お客様窓口',
      figures: { waiting: 0, waitingSince: null, answered: 0, answerRate: null, serviceLevelSeconds: 20 },
      waiting: [],
    });
  });

  it('show who waits, in order, and whose phone rings; the API says the same, with the seconds', async () => {
    await floor.wait('one');
    await floor.wait('two');
    const live = await feed.shows('two callers', '7000', ({ waiting }) => waiting.length === 2);
    expect(live.waiting.map(({ caller, position, state }) => [caller, position, state])).toEqual([
      [CALLERS.one, 1, 'waiting'],
      [CALLERS.two, 2, 'waiting'],
    ]);
    expect(live.figures).toMatchObject({ waiting: 2, waitingSince: live.waiting[0]?.since });
    const { body } = await floor.suzuki.get<WaitingAnswer>('/api/call-centers/7000/waiting');
    expect(body.waiting.map(({ waitSeconds: _seconds, ...rest }) => rest)).toEqual(live.waiting);
    expect(body.waiting[0]?.waitSeconds).toBeLessThan(60);
    await floor.turn('sato', 'ready');
    await floor.agents.sato.event('CALL_INCOMING');
    const ringing = await feed.shows('the ring', '7000', ({ waiting }) => waiting[0]?.state === 'offering');
    expect(ringing.waiting[0]?.agent).toEqual({ accountId: floor.ids.sato, displayName: '佐藤 一郎' });
    await floor.agents.sato.acceptNow();
    await feed.shows('one caller less', '7000', (now) => now.waiting[0]?.caller === CALLERS.two);
    await floor.callers.two.hangUp();
    await floor.expectTalk('sato', 'one');
    await floor.callers.one.hangUp();
  });

  it('count the day: answered, given up, rates, service level, how long was waited and talked', async () => {
    const live = await feed.shows('the day', '7000', ({ figures: now }) => now.averageTalkSeconds !== null);
    const [times] = await floor.system.query<{ readonly waited: number; readonly talked: number }>(
      `select extract(epoch from answered_at - started_at)::float8 as waited,
              extract(epoch from ended_at - answered_at)::float8 as talked
       from call_records where call_center = '7000' and answered_at is not null`,
    );
    expect(live.figures).toEqual({
      waiting: 0,
      waitingSince: null,
      answered: 1,
      abandoned: 1,
      overflowed: 0,
      lost: 0,
      answerRate: 0.5,
      abandonRate: 0.5,
      serviceLevel: 0.5,
      serviceLevelSeconds: 20,
      averageAnswerSeconds: Number(times?.waited.toFixed(1)),
      averageTalkSeconds: Number(times?.talked.toFixed(1)),
    });
    const asked = await figures(floor.suzuki);
    expect(asked.figures).toEqual(live.figures);
    expect(Date.parse(asked.to) - Date.parse(asked.from)).toBe(24 * 3_600_000);
    expect(new Date(asked.from).toISOString()).toMatch(/T15:00:00\.000Z$/);
  });

  it('leave other days out, and follow the seconds that the call center promises', async () => {
    await floor.system.query(
      `insert into call_records (id, kind, caller, dialled, call_center, started_at, answered_at, ended_at, result)
       select gen_random_uuid(), 'call_center', '0312345678', '7000', '7000', at, at + interval '1 s', at + interval '1 h', 'answered'
       from (values (now() - interval '25 h')) as yesterday (at)`,
    );
    expect((await figures(floor.suzuki)).figures.answered).toBe(1);
    await floor.system.query(
      `update call_records set started_at = answered_at - interval '5 s' where call_center = '7000' and answered_at > now() - interval '1 h'`,
    );
    await floor.system.apply(
      'site: 1\ncallCenters: [{ number: "7000", name: お客様窓口, serviceLevelSeconds: 4 }]\n',
    );
    const late = await feed.shows('late answers', '7000', ({ figures: now }) => now.serviceLevel === 0);
    expect(late.figures).toMatchObject({ serviceLevelSeconds: 4, averageAnswerSeconds: 5 });
  });

  it('are for who may see the call center, and for nobody while the plan is off', async () => {
    for (const path of ['figures', 'waiting']) {
      expect((await floor.suzuki.get(`/api/call-centers/7001/${path}`)).status).toBe(403);
      expect((await sato.get(`/api/call-centers/7000/${path}`)).status).toBe(403);
    }
    await floor.system.apply('site: 1\nsettings: { callCenterPlan: false }\n');
    await until('the plan to be off', 20_000, async () => {
      const answer = await floor.suzuki.get<{ error?: { code: string } }>('/api/call-centers/7000/figures');
      return answer.body.error?.code === 'CALL_CENTER_NOT_ENABLED';
    });
    await until('the feed to show no call center', 20_000, () => feed.callCenters.length === 0);
    await floor.system.apply('site: 1\nsettings: { callCenterPlan: true }\n');
    await until('the feed to show them again', 20_000, () => feed.callCenters.length === 1);
  });

  it('are told only when they changed: numbers rise by one, and no delta repeats what was told', () => {
    const { messages } = feed;
    const told = new Map<string, string>();
    for (const [index, message] of messages.entries()) {
      const before = messages[index - 1];
      if (before !== undefined) {
        expect(message.number - before.number).toBe(message.type === 'heartbeat' ? 0 : 1);
      }
      if (message.type !== 'delta') told.clear();
      if (message.type !== 'delta') continue;
      for (const live of message.callCenters ?? []) {
        expect(told.get(live.number)).not.toBe(JSON.stringify(live));
        told.set(live.number, JSON.stringify(live));
      }
    }
  });
});

describe('the call history', () => {
  beforeAll(async () => {
    await floor.turn('sato', 'on_break');
    await floor.agents.sato.dial(CALLERS.three);
    await floor.callers.three.answer();
    await floor.agents.sato.event('CALL_ESTABLISHED');
    await floor.agents.sato.hangUp();
    await floor.agents.sato.ended();
    await floor.callers.three.ended();
    await floor.agents.sato.dial(`0013*${SATO.dialId}*${SATO.dialPassword}`);
    await floor.agents.sato.ended();
    // A supervisor's leg that listens is no call either.
    await floor.agents.sato.dial(CALLERS.three);
    await floor.callers.three.answer();
    await floor.shows('sato', 'internal_call');
    const supervisor = await floor.system.phone('1003', { toneHz: 300 });
    await floor.suzuki.post('/api/monitoring', {
      accountId: floor.ids.sato,
      mode: 'listen',
      door: 'realtime_monitor',
      phone: '1003',
    });
    await supervisor.answer();
    await until('the session to run', 20_000, async () => {
      const { body } = await floor.suzuki.get<{ sessions: { state: string }[] }>('/api/monitoring');
      return body.sessions[0]?.state === 'listening';
    });
    await supervisor.hangUp();
    await floor.callers.three.hangUp();
    await floor.agents.sato.ended();
    await until('all records to be closed', 20_000, async () => {
      return (await calls(floor.suzuki)).every(({ result }) => result !== null);
    });
  });

  it('holds every call once, the newest first, and no dial operation or monitoring leg', async () => {
    expect(brief(await calls(floor.suzuki))).toEqual([
      `1000 ${CALLERS.three} answered`,
      `1000 ${CALLERS.three} answered`,
      `${CALLERS.two} 7000 abandoned`,
      `${CALLERS.one} 7000 answered`,
      '0312345678 7000 answered',
    ]);
  });

  it('says who called and who talked, from when to when', async () => {
    const [call] = await calls(floor.suzuki, `number=${CALLERS.one}`);
    expect(call).toMatchObject({
      direction: 'internal',
      kind: 'call_center',
      callCenter: '7000',
      callerAgent: null,
      heldMs: 0,
      parts: [
        { side: 'callee', number: '1000', agent: { displayName: '佐藤 一郎' } },
        { side: 'caller', number: CALLERS.one, agent: null },
      ],
    });
    const [inside] = await calls(floor.suzuki, `number=${CALLERS.three}`);
    expect(inside).toMatchObject({ kind: 'internal', callerAgent: { accountId: floor.ids.sato } });
  });

  it('is filtered by time, direction, number, agent, call center and result', async () => {
    const { suzuki, ids } = floor;
    expect(await calls(suzuki, 'callCenter=7000')).toHaveLength(3);
    expect(await calls(suzuki, 'callCenter=7001')).toHaveLength(0);
    expect(await calls(suzuki, 'result=abandoned')).toHaveLength(1);
    expect(await calls(suzuki, `account=${ids.sato}`)).toHaveLength(3);
    expect(await calls(suzuki, `account=${ids.sato}&callCenter=7000`)).toHaveLength(1);
    expect(await calls(suzuki, `number=${CALLERS.two}`)).toHaveLength(1);
    expect(await calls(suzuki, 'direction=internal')).toHaveLength(5);
    expect(await calls(suzuki, 'direction=incoming')).toHaveLength(0);
    const yesterday = new Date(Date.now() - 12 * 3_600_000).toISOString();
    expect(await calls(suzuki, `to=${yesterday}`)).toHaveLength(1);
    expect(await calls(suzuki, `from=${yesterday}`)).toHaveLength(4);
    expect((await suzuki.get('/api/history/calls?result=boredom')).status).toBe(400);
  });

  it("is one's own, and that of call centers, agents and extensions that one may see", async () => {
    expect(await calls(sato)).toHaveLength(3);
    expect(await calls(sato, 'account=me')).toHaveLength(3);
    expect(await calls(takahashi)).toHaveLength(0);
    expect((await sato.get(`/api/history/calls?account=${floor.ids.tanaka}`)).status).toBe(403);
    // Without view on 7000 the supervisor still sees the extensions 1000 to 1002, and no call that touched none.
    await floor.system.query(
      `delete from grants where resource = '7000' and account_id = (select id from accounts where login_name = 'suzuki')`,
    );
    expect(brief(await calls(floor.suzuki))).toEqual([
      `1000 ${CALLERS.three} answered`,
      `1000 ${CALLERS.three} answered`,
      `${CALLERS.one} 7000 answered`,
    ]);
  });

  it('comes page by page, each call once, also when several began in one moment', async () => {
    await floor.system.query(
      `insert into call_records (id, kind, caller, dialled, started_at, ended_at, result)
       select gen_random_uuid(), 'internal', '1001', '1002', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', 'no_answer'
       from generate_series(1, 25)`,
    );
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const { body } = await floor.suzuki.get<CallsAnswer>(
        `/api/history/calls?number=1001&limit=10${cursor}`,
      );
      seen.push(...body.calls.map(({ id }) => id));
      next = body.next;
    }
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    expect((await floor.suzuki.get('/api/history/calls?cursor=nonsense')).status).toBe(400);
  });

  it('comes as CSV', async () => {
    const { status, body } = await floor.suzuki.text(`/api/history/calls.csv?number=${CALLERS.one}`);
    expect(status).toBe(200);
    const [head, line, ...rest] = body.replace('\uFEFF', '').trimEnd().split('\r\n');
    expect(head).toBe(
      'started_at,answered_at,ended_at,direction,kind,caller,dialled,call_center,trunk,result,wait_ms,talk_ms,held_ms,agents',
    );
    expect(line).toMatch(
      new RegExp(`Z,internal,call_center,${CALLERS.one},7000,7000,,answered,5000,[0-9]+,0,佐藤 一郎$`),
    );
    expect(rest).toEqual([]);
  });
});
