import { join } from 'node:path';
import { asteriskConfig, type AsteriskConfigOptions } from './asterisk-config.ts';
import { MODULES } from './asterisk-modules.ts';

interface Machine {
  readonly number: string;
  readonly sipPassword: string;
}

/** Telephones that machines play: some are called and answer, the others call one number again and again. */
export interface PracticePlan {
  /** The number that the callers call. */
  readonly called: string;
  readonly agents: readonly Machine[];
  readonly callers: readonly (Machine & { readonly language: string })[];
}

export interface PracticeConfigOptions extends AsteriskConfigOptions {
  /** SIP port of the system that is called, at the same address. */
  readonly calledPort: number;
  readonly plan: PracticePlan;
  /** Where the two sides of each conversation are: `<language>-agent.ulaw` and `<language>-caller.ulaw`. */
  readonly tracks: string;
}

/** What the callers need besides: they begin by themselves, and learn from the agents when somebody talks to them. */
const MORE_MODULES = ['func_global.so', 'app_originate.so', 'pbx_spool.so'];
/** Between the calls of one caller, s. */
const GAP_SECONDS = 8;
/** When a caller calls first, s; one after another. */
const FIRST_SECONDS = 2;
/** A call that ended without a word is not waited for longer, s. */
const LONGEST_SECONDS = 900;

/**
 * The configuration of the Asterisk that plays practice telephones, file by file (pure). To the system that it calls it is a number of
 * ordinary phones: they register with their passwords, call, ring and answer.
 */
export function practiceConfig(options: PracticeConfigOptions): Readonly<Record<string, string>> {
  const modules = [...MODULES, ...MORE_MODULES].map((name) => `load = ${name}\n`).join('');
  return {
    ...asteriskConfig(options),
    'modules.conf': `[modules]\nautoload = no\n${modules}`,
    'extensions.conf': dialplan(options),
    'pjsip.conf': phones(options),
  };
}

/** The files in `spool/outgoing` that set a caller off when Asterisk starts. */
export function callFiles({ callers }: PracticePlan): Readonly<Record<string, string>> {
  return Object.fromEntries(
    callers.map(({ number }) => [
      `${number}.call`,
      `Channel: Local/stay@callers/n\nContext: callers\nExtension: ${number}\nPriority: 1\n`,
    ]),
  );
}

function phones({ bind, sipPort, calledPort, plan }: PracticeConfigOptions): string {
  const host = bind.includes(':') ? `[${bind}]` : bind;
  const system = `sip:${host}:${calledPort}`;
  return `[global]
type = global
user_agent = Sasayaki practice

[transport-udp]
type = transport
protocol = udp
bind = ${host}:${sipPort}

[machine](!)
type = endpoint
context = agents
disallow = all
allow = ulaw
direct_media = no

; Whatever the system calls is for an agent.
[system](machine)
[system]
type = identify
endpoint = system
match = ${bind}

${[...plan.agents, ...plan.callers].map((machine) => phone(machine, system)).join('\n')}
${plan.agents.map(({ number }) => registration(number, system)).join('\n')}`;
}

function phone({ number, sipPassword }: Machine, system: string): string {
  return `[${number}](machine)
aors = ${number}
outbound_auth = ${number}
from_user = ${number}
[${number}]
type = aor
contact = ${system}
[${number}]
type = auth
auth_type = digest
username = ${number}
password = ${sipPassword}
`;
}

function registration(number: string, system: string): string {
  return `[${number}]
type = registration
outbound_auth = ${number}
server_uri = ${system}
client_uri = ${system.replace('sip:', `sip:${number}@`)}
contact_user = ${number}
expiration = 120
retry_interval = 2
forbidden_retry_interval = 2
fatal_retry_interval = 2
auth_rejection_permanent = no
max_retries = 1000000
`;
}

/**
 * The agent speaks first, so the agent's phone says when the conversation begins: it sets TALK_<caller>, for which the caller waits. Both then play
 * their side, of the same length, with silence where the other one speaks.
 */
function dialplan({ plan, tracks }: PracticeConfigOptions): string {
  const track = (language: string, who: string): string => join(tracks, `${language}-${who}`);
  const [first] = plan.callers;
  return `[general]
static = yes
writeprotect = yes

[globals]
${plan.callers.map(({ number, language }) => `LANGUAGE_${number}=${language}\n`).join('')}
[agents]
exten => _X!,1,Ringing()
 same => n,Wait(2)
 same => n,Answer()
 same => n,Set(CALLER=\${CALLERID(num)})
 same => n,Set(SPOKEN=\${LANGUAGE_\${CALLER}})
 same => n,GotoIf($["\${SPOKEN}"=""]?nobody)
 same => n,Set(GLOBAL(TALK_\${CALLER})=1)
 same => n,Playback(${track('${SPOKEN}', 'agent')})
 same => n,Wait(10)
 same => n,Hangup()
; A person called: the agent says the lines, whatever is answered.
 same => n(nobody),Playback(${track(first?.language ?? 'ja', 'agent')})
 same => n,Hangup()

[callers]
exten => stay,1,Answer()
 same => n(on),Wait(3600)
 same => n,Goto(on)
${plan.callers
  .map(
    ({ number }, index) => `exten => ${number},1,Wait(${FIRST_SECONDS * (index + 1)})
 same => n(again),Set(GLOBAL(CALL_${number})=1)
 same => n,Set(SECONDS=0)
 same => n,Originate(PJSIP/${plan.called}@${number},exten,talk,${number},1,30)
 same => n,GotoIf($["\${ORIGINATE_STATUS}"!="SUCCESS"]?over)
 same => n(busy),Wait(1)
 same => n,Set(SECONDS=$[\${SECONDS} + 1])
 same => n,GotoIf($["\${GLOBAL(CALL_${number})}"="1" & \${SECONDS} < ${LONGEST_SECONDS}]?busy)
 same => n(over),Wait(${GAP_SECONDS})
 same => n,Goto(again)
`,
  )
  .join('')}
[talk]
exten => _X!,1,Set(SELF=\${EXTEN})
 same => n,Set(GLOBAL(TALK_\${SELF})=)
 same => n(wait),Wait(0.1)
 same => n,GotoIf($["\${GLOBAL(TALK_\${SELF})}"=""]?wait)
 same => n,Playback(${track('${LANGUAGE_${SELF}}', 'caller')})
 same => n,Hangup()
exten => h,1,Set(GLOBAL(CALL_\${SELF})=)
`;
}
