import { join } from 'node:path';
import { MODULES } from './asterisk-modules.ts';

export interface AsteriskConfigOptions {
  /** `<data>/asterisk`: configuration, database, spool and run folders are below it. */
  readonly home: string;
  readonly logDir: string;
  /** Where the program's modules and data are. */
  readonly moduleDir: string;
  readonly shareDir: string;
  readonly bind: string;
  readonly sipPort: number;
  readonly rtpPorts: readonly [number, number];
  readonly ariPort: number;
  readonly ariUser: string;
  readonly ariPassword: string;
  readonly node: string;
  /** Recording played when the server does not take a call, without its ending. */
  readonly unavailable: string;
  /** Folder of the music on hold. */
  readonly musicDir: string;
}

/** The Stasis application that every call of a phone enters. */
export const STASIS_APP = 'sasayaki';
/** The channel variable with what was dialled, which comes with the event of a call. */
const DIALLED_VARIABLE = 'CC_DIALED';
/** That with whether a caller from outside shows the number. */
const PRESENTATION_VARIABLE = 'CC_PRESENTATION';
/** How long a call waits for the server before it hears the announcement, s. */
export const GUARD_SECONDS = 5;

/** Asterisk's configuration, file by file (pure). Phones and trunks are not in it: the server writes `pjsip.d`. */
export function asteriskConfig(options: AsteriskConfigOptions): Readonly<Record<string, string>> {
  const { home } = options;
  return {
    'asterisk.conf': `[directories]
astetcdir => ${join(home, 'etc')}
astmoddir => ${options.moduleDir}
astvarlibdir => ${join(home, 'var')}
astdbdir => ${join(home, 'var')}
astkeydir => ${join(home, 'var')}
astdatadir => ${options.shareDir}
astagidir => ${join(home, 'var')}
astspooldir => ${join(home, 'spool')}
astrundir => ${join(home, 'run')}
astlogdir => ${options.logDir}

[options]
verbose = 0
debug = 0
nocolor = yes
systemname = ${options.node}
live_dangerously = no
`,
    'modules.conf': `[modules]\nautoload = no\n${MODULES.map((name) => `load = ${name}\n`).join('')}`,
    'logger.conf': `[general]
dateformat = %F %T.%3q
[logfiles]
; Never verbose, debug or dtmf: they write what is dialled and keyed.
messages => notice,warning,error
security => security
`,
    'extensions.conf': dialplan(options),
    'pjsip.conf': `[global]
type = global
user_agent = Sasayaki
taskprocessor_overload_trigger = pjsip_only

[transport-udp]
type = transport
protocol = udp
bind = ${hostPort(options.bind, options.sipPort)}

[transport-tcp]
type = transport
protocol = tcp
bind = ${hostPort(options.bind, options.sipPort)}

#include "pjsip.d/phones.conf"
#include "pjsip.d/trunks.conf"
`,
    'http.conf': `[general]
servername = Sasayaki
enabled = yes
bindaddr = 127.0.0.1
bindport = ${options.ariPort}
`,
    // What was dialled comes with the event of the call: the server need not ask for it while the caller waits.
    'ari.conf': `[general]
enabled = yes
pretty = no
channelvars = ${DIALLED_VARIABLE},${PRESENTATION_VARIABLE}
[${options.ariUser}]
type = user
read_only = no
password_format = plain
password = ${options.ariPassword}
`,
    // The only place where Asterisk tells which trunks are registered.
    'prometheus.conf': `[general]
enabled = yes
core_metrics_enabled = no
uri = metrics
auth_username = ${options.ariUser}
auth_password = ${options.ariPassword}
`,
    'rtp.conf': `[general]
rtpstart = ${options.rtpPorts[0]}
rtpend = ${options.rtpPorts[1]}
strictrtp = yes
`,
    'musiconhold.conf': `[default]\nmode = files\ndirectory = ${options.musicDir}\n`,
    'manager.conf': '[general]\nenabled = no\n',
    'stasis.conf': '[taskpool]\n[declined_message_types]\n',
    'indications.conf': `[general]
country = jp
[jp]
description = Japan
ringcadence = 1000,2000
dial = 400
busy = 400/500,0/500
ring = 400+15/1000,0/2000
congestion = 400/500,0/500
`,
    'cdr.conf': '[general]\nenable = no\n',
    'cel.conf': '[general]\nenable = no\n',
    'ccss.conf': '[general]\ncc_max_requests = 1\n',
    'features.conf': '[general]\n',
    'udptl.conf': '[general]\n',
    'acl.conf': '',
    'pjproject.conf': '',
    'websocket_client.conf': '',
  };
}

function hostPort(bind: string, port: number): string {
  return bind.includes(':') ? `[${bind}]:${port}` : `${bind}:${port}`;
}

/**
 * A dialled string may hold a dial password, so it goes into a variable at once and the call on to `s`: from then on nothing shows it. A
 * call that the server does not take within the guard's time hears an announcement and ends.
 */
function dialplan(options: AsteriskConfigOptions): string {
  return `[general]
static = yes
writeprotect = yes

[default]
exten => _[0-9*#+a-zA-Z]!,1,Set(${DIALLED_VARIABLE}=\${EXTEN})
 same => n,Goto(cc-in,s,1)

; From a trunk. A call to the user of our registration has the number that was called in its To.
[outside]
exten => _[0-9*#+a-zA-Z]!,1,Set(${DIALLED_VARIABLE}=\${EXTEN})
 same => n,Set(${PRESENTATION_VARIABLE}=\${CALLERID(num-pres)})
 same => n,GotoIf($["\${EXTEN}"!="\${SASAYAKI_LINE_USER}"]?cc-in,s,1)
 same => n,Set(${DIALLED_VARIABLE}=\${PJSIP_PARSE_URI(\${CHANNEL(pjsip,local_uri)},user)})
 same => n,Goto(cc-in,s,1)

[cc-in]
exten => s,1,Set(TIMEOUT(absolute)=${GUARD_SECONDS})
 same => n,Stasis(${STASIS_APP})
 same => n,GotoIf($["\${STASISSTATUS}"="FAILED"]?fb,1)
 same => n,Hangup()
exten => T,1,Goto(fb,1)
exten => fb,1,Set(TIMEOUT(absolute)=0)
 same => n,Answer()
 same => n,Playback(${options.unavailable})
 same => n,Hangup(38)
`;
}
