import { ENDPOINT_TEMPLATE, phoneEndpoint } from './endpoints.ts';
import { HOLD_TONE, OwnAsterisk } from './own-asterisk.ts';
import { Phone, type PhoneOptions } from './phone.ts';
import { portRange } from './ports.ts';
import { until } from './wait.ts';

/** The SIP password of every outside phone. */
const PHONE_PASSWORD = 'outside-phone-password';
/** What the system under test has to show the provider: with every sign that could mean something in a configuration. */
export const LINE_USER = '0501234567';
export const LINE_PASSWORD = '>li;ne"[pass]\\word#=';

/** The outside phones that there are: a fixed line, mobile phones, a free number, police and fire. */
export const OUTSIDE_NUMBERS = [
  '0312345678',
  '0312345679',
  '09011112222',
  '09011113333',
  '0120444444',
  '110',
  '119',
] as const;
export type OutsideNumber = (typeof OUTSIDE_NUMBERS)[number];

/** Numbers that the provider itself answers, before any phone: each says or does what it is named after. */
export const ANSWERED_BY_PROVIDER = {
  /** A tone of {@link EARLY_TONE} before any answer, then: not in use. */
  notInUse: '0311110001',
  busy: '0311110017',
  /** No line is free. */
  congestion: '0311110034',
  /** The phone cannot be reached now. */
  unreachable: '0311110020',
  /** Calls there are not allowed. */
  forbidden: '0311110021',
  /** Rings at 0312345678 for 2 s, then says that nobody answers (480), or that it took too long (408). */
  unanswered: '0311110019',
  tooLong: '0311110018',
} as const;
/** An outside phone that the provider with an address refuses to call (403); one where the system registers does it. */
export const ONLY_OVER_REGISTRATION = '0120444444';
/** What an outside person dials in front of a number, so that the one who is called does not see who calls. */
export const WITHHOLDING = {
  /** As in Japan: the provider tells the system the number, and that nobody may see it (Privacy: id). */
  private: '184',
  /** The provider tells nothing: From is anonymous. */
  anonymous: '183',
  /** From without any number. */
  empty: '182',
} as const;
/** What the provider plays before it says that a number is not in use, Hz. */
export const EARLY_TONE = HOLD_TONE;

export type LineKind = 'address' | 'registration';

export interface OutsideOptions {
  /** How the provider knows the system: by its address, or by a registration and a password. */
  readonly kind?: LineKind;
  /** SIP port of the system under test, which an address trunk is called at. */
  readonly sipPort: number;
  /** A loopback address for this provider alone, as the system tells providers apart by address. */
  readonly host?: string;
}

/**
 * The outside world: a provider with a trunk to the system under test, and phones of outside people. The provider is an Asterisk, the phones
 * are phones of the kit: they call the system's numbers through the trunk, and answer what the system calls.
 */
export class Outside {
  readonly #asterisk: OwnAsterisk;
  readonly #options: OutsideOptions;
  readonly #phones = new Set<Phone>();

  private constructor(asterisk: OwnAsterisk, options: OutsideOptions) {
    this.#asterisk = asterisk;
    this.#options = options;
  }

  static async start(options: OutsideOptions): Promise<Outside> {
    const asterisk = await OwnAsterisk.start({
      host: options.host ?? '127.0.0.2',
      modules: ['app_dial.so'],
      dialplan: () => dialplan(options.kind ?? 'address'),
      endpoints: endpoints(options, LINE_PASSWORD),
      rtpPorts: await portRange(100),
    });
    return new Outside(asterisk, options);
  }

  get host(): string {
    return this.#asterisk.host;
  }

  get port(): number {
    return this.#asterisk.port;
  }

  /** An outside person's phone: it calls a number of the system through the trunk, and is called at its own. */
  async phone(number: OutsideNumber, options: Partial<PhoneOptions> = {}): Promise<Phone> {
    const phone = await Phone.register({
      host: this.host,
      port: this.port,
      number,
      password: PHONE_PASSWORD,
      ...options,
    });
    this.#phones.add(phone);
    return phone;
  }

  /** The caller's number that an outside phone sees with its next call. */
  async callerSeenBy(phone: Phone): Promise<string> {
    const { peeruri = '' } = await phone.event('CALL_INCOMING');
    return /sip:([^@;>]*)@/.exec(peeruri)?.[1] ?? '';
  }

  /** Waits until the system is registered with the provider, or no longer is. */
  async registered(yes = true): Promise<void> {
    await until(`the trunk ${yes ? '' : 'not '}to be registered`, 30_000, async () => {
      return (await this.#asterisk.isOnline('line')) === yes;
    });
  }

  /** Refuses registrations and calls of the system: its password is wrong from now on. Or takes them again. */
  async refuse(refusing: boolean): Promise<void> {
    await this.#asterisk.configure(endpoints(this.#options, refusing ? 'another-password' : LINE_PASSWORD));
  }

  /** The provider answers nothing any more, or goes on. */
  freeze(frozen: boolean): void {
    this.#asterisk.freeze(frozen);
  }

  async kill(): Promise<void> {
    await this.#asterisk.kill();
  }

  /** After {@link kill}; its phones register again by themselves only after minutes. */
  async restart(): Promise<void> {
    await this.#asterisk.run();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#phones].map(async (phone) => phone.close()));
    this.#asterisk.freeze(false);
    await this.#asterisk.close();
  }
}

/** Outside phones reach each other and, with any other number, the system; the system reaches outside phones only. */
const dialplan = (kind: LineKind): string => `[default]
${OUTSIDE_NUMBERS.map((number) => `exten => ${number},1,Goto(line,${number},1)\n`).join('')}exten => _[+0-9]!,1,Dial(PJSIP/\${EXTEN}@line,60)
 same => n,Hangup(\${HANGUPCAUSE})
exten => _${WITHHOLDING.private}0.,1,Set(CALLERID(pres)=prohib)
 same => n,Goto(default,\${EXTEN:3},1)
exten => _${WITHHOLDING.anonymous}0.,1,Set(CALLERID(num)=anonymous)
 same => n,Goto(default,\${EXTEN:3},1)
exten => _${WITHHOLDING.empty}0.,1,Set(CALLERID(num)=)
 same => n,Goto(default,\${EXTEN:3},1)

[line]
exten => ${ANSWERED_BY_PROVIDER.notInUse},1,Progress()
 same => n,MusicOnHold(default,4)
 same => n,Hangup(1)
exten => ${ANSWERED_BY_PROVIDER.busy},1,Hangup(17)
exten => ${ANSWERED_BY_PROVIDER.congestion},1,Hangup(34)
exten => ${ANSWERED_BY_PROVIDER.unreachable},1,Hangup(20)
exten => ${ANSWERED_BY_PROVIDER.forbidden},1,Hangup(21)
exten => ${ANSWERED_BY_PROVIDER.unanswered},1,Dial(PJSIP/0312345678,2)
 same => n,Hangup(19)
exten => ${ANSWERED_BY_PROVIDER.tooLong},1,Dial(PJSIP/0312345678,2)
 same => n,Hangup(18)
${kind === 'address' ? `exten => ${ONLY_OVER_REGISTRATION},1,Hangup(21)\n` : ''}exten => _[+0-9]!,1,Dial(PJSIP/\${EXTEN},60)
 same => n,Hangup(\${HANGUPCAUSE})
`;

function endpoints({ kind = 'address', sipPort }: OutsideOptions, password: string): string {
  const line =
    kind === 'address'
      ? `aors = line
[line]
type = aor
contact = sip:127.0.0.1:${sipPort}
`
      : `aors = ${LINE_USER}
auth = line
[line]
type = auth
auth_type = digest
username = ${LINE_USER}
password = ${password.replaceAll(';', '\\;')}
[${LINE_USER}]
type = aor
max_contacts = 1
remove_existing = yes
`;
  return `${ENDPOINT_TEMPLATE}[line](phone)
context = line
identify_by = ip,username
trust_id_inbound = yes
trust_id_outbound = yes
send_pai = yes
${line}[line]
type = identify
endpoint = line
match_header = User-Agent: Sasayaki
${OUTSIDE_NUMBERS.map(phone).join('')}`;
}

function phone(number: string): string {
  return phoneEndpoint({ number, password: PHONE_PASSWORD }, { more: `callerid = <${number}>\n` });
}
