import type { PhoneKind } from '../dialing/rules.ts';
import type { SipTiming } from '../settings/sip-timing.ts';

export interface ProvisionedPhone {
  readonly number: string;
  readonly name: string;
  readonly kind: PhoneKind;
  readonly sipPassword: string;
}

/** What a value may not hold in Asterisk's configuration: line ends, `;` (comment) and brackets of sections. */
const UNSAFE = /[\r\n;[\]"\\]/g;

/**
 * The PJSIP configuration of all phones (engine-facts of the project: endpoint, auth and aor each). One contact a phone, a new registration
 * replaces the old one; the phone is asked now and then whether it is still there.
 */
export function phonesConfig(phones: readonly ProvisionedPhone[], timing: SipTiming): string {
  return [templates(timing), ...phones.map((phone) => phoneConfig(phone, timing.ask))].join('\n');
}

function phoneConfig({ number, name, kind, sipPassword }: ProvisionedPhone, askSeconds: number): string {
  const caller = name.replace(UNSAFE, ' ').trim();
  return `[${number}](${kind === 'browser' ? 'sasayaki-browser-phone' : 'sasayaki-phone'})
auth=${number}
aors=${number}
callerid="${caller}" <${number}>
set_var=SASAYAKI_PHONE=${number}

[${number}]
type=auth
auth_type=digest
username=${number}
password=${sipPassword}

[${number}]
type=aor
max_contacts=1
remove_existing=yes
qualify_frequency=${askSeconds}
qualify_timeout=2
`;
}

const templates = ({
  phoneSilence,
  holdSilence,
}: SipTiming): string => `; Written by the server from the database: changes made here are lost.
[sasayaki-phone](!)
type=endpoint
context=default
; One sampling rate for all: docs/decisions/0007.
disallow=all
allow=ulaw,alaw
direct_media=no
rtp_symmetric=yes
force_rport=yes
rewrite_contact=yes
dtmf_mode=auto
allow_transfer=yes
; A phone and Asterisk ask each other every 45 s whether the call is still there, where the phone can (RFC 4028).
timers=yes
timers_min_se=90
timers_sess_expires=90
; Where it cannot: a phone that lost its power sends no sound.
rtp_timeout=${phoneSilence}
rtp_timeout_hold=${holdSilence}
set_var=PJSIP_TRANSFER_HANDLING()=ari-only

[sasayaki-browser-phone](!,sasayaki-phone)
webrtc=yes
`;

/** The extension that a phone's channel belongs to: `PJSIP/1000-0000002a`. */
export function phoneOfChannel(name: string): string | undefined {
  return /^PJSIP\/([0-9]{4})-[0-9a-f]+$/.exec(name)?.[1];
}
