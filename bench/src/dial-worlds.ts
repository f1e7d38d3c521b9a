import { join } from 'node:path';
import { Switchboard } from '../../test/kit/caller.ts';
import { phoneEndpoints } from '../../test/kit/endpoints.ts';
import { OwnAsterisk } from '../../test/kit/own-asterisk.ts';
import { System } from '../../test/kit/system.ts';
import { PASSWORD } from './registered.ts';

/** An agent with a phone of their own. */
export interface DialAgent {
  readonly loginName: string;
  readonly phone: string;
  readonly dialId: string;
  readonly dialPassword: string;
}

export function dialAgents(count: number): readonly DialAgent[] {
  return Array.from({ length: count }, (_value, index) => ({
    loginName: `agent${index}`,
    phone: String(1_000 + index),
    dialId: String(100_003 + index * 811),
    dialPassword: String(27_182_818 + index * 7_919),
  }));
}

/** The account that sees all agents of a bench. */
export const LEADER = 'lead';

/** A site with these agents in one call center that nobody calls. */
export function siteOf(agents: readonly DialAgent[]): string {
  const phones = agents.map(
    ({ phone }) => `  - { number: "${phone}", name: 電話${phone}, kind: desk, sipPassword: ${PASSWORD} }`,
  );
  const accounts = agents.map(
    ({ loginName, phone, dialId, dialPassword }) =>
      `  - { loginName: ${loginName}, displayName: 担当${phone}, role: user, agent: true, signInPhone: "${phone}", dialId: "${dialId}", dialPassword: "${dialPassword}", callCenters: [{ number: "7999" }] }`,
  );
  return `site: 1
phones:
${phones.join('\n')}
callCenters:
  - { number: "7999", name: 受付 }
accounts:
  - { loginName: ${LEADER}, displayName: 管理者, role: supervisor, grants: [{ callCenter: "7999", level: view }] }
${accounts.join('\n')}
`;
}

/** Dial operations, in one of two ways: the same strings, the same recordings, the same program. */
export interface DialWorld {
  readonly name: string;
  readonly board: Switchboard;
  close(): Promise<void>;
}

/** The whole system, through the launcher. */
export class OurDialling implements DialWorld {
  readonly name = 'Sasayaki';
  readonly system: System;
  readonly board: Switchboard;

  private constructor(system: System, board: Switchboard) {
    this.system = system;
    this.board = board;
  }

  /** @param rtpPorts more than the kit's ranges have, for many calls at once; Asterisk passes over ports that are in use */
  static async open(agents: readonly DialAgent[], rtpPorts?: string): Promise<OurDialling> {
    const system = await System.start({
      applySite: false,
      ...(rtpPorts === undefined ? {} : { env: { SASAYAKI_RTP_PORTS: rtpPorts } }),
    });
    try {
      await system.apply(siteOf(agents));
      return new OurDialling(system, await Switchboard.open(system.sipPort));
    } catch (error) {
      await system.close();
      throw error;
    }
  }

  /** How many dial operations ended so. */
  async outcomes(outcome: string): Promise<number> {
    const text = await (await fetch(`${this.system.baseUrl}/metrics`)).text();
    const lines = text.matchAll(
      new RegExp(`^sasayaki_dial_operations_total\\{[^}]*outcome="${outcome}"[^}]*\\} ([0-9]+)$`, 'gm'),
    );
    return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  async close(): Promise<void> {
    await this.board.close();
    await this.system.close();
  }
}

/** Asterisk's own applications: `Read`, AstDB and `Playback` in a dialplan; no server, no board that is told, no commit to a disk. */
export class StockDialling implements DialWorld {
  readonly name = 'dialplan';
  readonly board: Switchboard;
  readonly #asterisk: OwnAsterisk;

  private constructor(asterisk: OwnAsterisk, board: Switchboard) {
    this.#asterisk = asterisk;
    this.board = board;
  }

  static async open(agents: readonly DialAgent[]): Promise<StockDialling> {
    const sounds = join(process.env['SASAYAKI_HOME'] ?? process.cwd(), 'sounds/ja');
    const asterisk = await OwnAsterisk.start({
      host: '127.0.0.1',
      modules: ['app_read.so', 'func_db.so', 'func_cut.so', 'func_logic.so'],
      dialplan: () => dialplan(agents, sounds),
      endpoints: phoneEndpoints(agents.map(({ phone }) => ({ number: phone, password: PASSWORD }))),
    });
    const board = await Switchboard.open(asterisk.port);
    const [first] = agents;
    const caller = await board.dial({ number: first?.phone ?? '', password: PASSWORD, dial: '99' });
    await caller.ended;
    return new StockDialling(asterisk, board);
  }

  /** @throws Error unless the dialplan really did what it was dialled for: the agent's status, and each change in the activity */
  async expectDone({ phone, dialId }: DialAgent, status: string, changes: number): Promise<void> {
    const dial = `98*${dialId}*${changes}*${status}`;
    const caller = await this.board.dial({ number: phone, password: PASSWORD, dial });
    if ((await caller.ended) !== BUSY) throw new Error(`The dialplan did not make ${dialId} ${status}.`);
  }

  async close(): Promise<void> {
    await this.board.close();
    await this.#asterisk.close();
  }
}

/** How `98` says yes. */
const BUSY = 486;

/**
 * The operation as the product has it, as far as a dialplan can: locks, the agent switch, the password, the status and the call that it was in, the
 * change, and its activity. `99` writes what the administration would have: who has which password, which phones there are; `98` compares.
 */
function dialplan(agents: readonly DialAgent[], sounds: string): string {
  const known = agents.flatMap(({ dialId, dialPassword, phone }) => [
    ` same => n,Set(DB(dial/${dialId}/password)=${dialPassword})`,
    ` same => n,Set(DB(dial/${dialId}/agent)=on)`,
    ` same => n,Set(DB(dial/${dialId}/own)=${phone})`,
    ` same => n,Set(DB(phone/${phone})=1)`,
  ]);
  const locked = ['pair/${from}/${id}', 'id/${id}', 'phone/${from}']
    .map((key) => `0\${DB(lock/${key})} > \${EPOCH}`)
    .join(' | ');
  const check = ` same => n,GotoIf($[${locked}]?refused,1)
 same => n,GotoIf($["\${DB(dial/\${id}/password)}"!="\${pw}" | "\${DB(dial/\${id}/agent)}"!="on"]?wrong,1)
 same => n,Set(was=\${DB(agent/\${id}/status)})`;
  const activity = (to: string, cause: string, phone: string): string =>
    ` same => n,Set(DB(activity/\${id}/\${UNIQUEID})=\${EPOCH},\${was},\${DB(agent/\${id}/since)},${to},${cause},\${door},${phone})
 same => n,Set(DB(agent/\${id}/since)=\${EPOCH})`;
  return `[default]
exten => 99,1,Answer()
${known.join('\n')}
 same => n,Hangup()

exten => _98*.,1,Set(id=\${CUT(EXTEN,*,2)})
 same => n,Set(wanted=\${CUT(EXTEN,*,4)} \${CUT(EXTEN,*,3)})
 same => n,Set(count=\${DB_KEYCOUNT(activity/\${id})})
 same => n,GotoIf($["\${DB(agent/\${id}/status)} \${count}"="\${wanted}"]?yes)
 same => n,Hangup(21)
 same => n(yes),Hangup(17)

exten => _0009*.,1,Set(id=\${CUT(EXTEN,*,2)})
 same => n,Set(pw=\${CUT(EXTEN,*,3)})
 same => n,Set(at=\${CUT(EXTEN,*,4)})
 same => n,Set(from=\${CALLERID(num)})
 same => n,Set(door=one_shot_dial)
 same => n,Answer()
 same => n,Goto(sign-in,1)

exten => _0013*.,1,Set(id=\${CUT(EXTEN,*,2)})
 same => n,Set(pw=\${CUT(EXTEN,*,3)})
 same => n,Set(from=\${CALLERID(num)})
 same => n,Set(door=one_shot_dial)
 same => n,Answer()
${check}
 same => n,GotoIf($["\${was}"="" | "\${was}"="signed_off" | "\${DB(agent/\${id}/call)}"="call_center_call"]?error,1)
 same => n,Set(DB(agent/\${id}/status)=away)
${activity('away', 'status_change', '${DB(agent/${id}/phone)}')}
 same => n,Playback(${sounds}/status-changed&${sounds}/status-away)
 same => n,Hangup()

exten => 0010,1,Answer()
 same => n,Read(id,${sounds}/intro-sign-in&${sounds}/enter-agent-id,20,,1,10)
 same => n,Read(pw,${sounds}/enter-password,20,,1,10)
 same => n,Set(at=\${DB(dial/\${id}/own)})
 same => n,Set(from=\${CALLERID(num)})
 same => n,Set(door=guided_dial)
 same => n,Goto(sign-in,1)

exten => sign-in,1,NoOp()
${check}
 same => n,GotoIf($["\${DB(phone/\${at})}"="" | "\${DB(agent/\${id}/call)}"!=""]?error,1)
 same => n,Set(holder=\${DB(holder/\${at})})
 same => n,GotoIf($["\${holder}"="" | "\${holder}"="\${id}"]?take)
 same => n,GotoIf($["\${DB(agent/\${holder}/call)}"!=""]?error,1)
 same => n,Set(DB(agent/\${holder}/status)=signed_off)
 same => n,Set(DB(agent/\${holder}/phone)=)
 same => n(take),Set(DB(agent/\${id}/status)=ready)
 same => n,Set(DB(agent/\${id}/phone)=\${at})
 same => n,Set(DB(holder/\${at})=\${id})
${activity('ready', 'sign_in', '${at}')}
 same => n,Playback(${sounds}/signed-in&${sounds}/status-ready)
 same => n,Hangup()

exten => wrong,1,Set(failures=$[0\${DB(failures/\${from}/\${id})} + 1])
 same => n,Set(DB(failures/\${from}/\${id})=\${failures})
 same => n,GotoIf($[\${failures} < 5]?refused,1)
 same => n,Set(DB(lock/pair/\${from}/\${id})=$[\${EPOCH} + 60])
 same => n,Goto(refused,1)
exten => refused,1,Playback(${sounds}/cannot-sign-in)
 same => n,Hangup()
exten => error,1,Playback(${sounds}/error-occurred)
 same => n,Hangup()
`;
}
