/** Outside lines (pure): which number leads where, in and out, and how trunks are told to Asterisk. */

import type { SipTiming } from '../settings/sip-timing.ts';

export type TrunkKind = 'registration' | 'address';
export type TrunkTransport = 'udp' | 'tcp';
/**
 * Where a trunk shows the caller's number: `from`: in From. `asserted`: in P-Asserted-Identity, From holds the account. `account`: nowhere, the
 * provider shows the account's own.
 */
export type CallerIdPolicy = 'from' | 'asserted' | 'account';

export interface Trunk {
  /** Small letters, digits and `-`: it is part of names in Asterisk. */
  readonly id: string;
  readonly name: string;
  readonly kind: TrunkKind;
  /** A host name or an address. */
  readonly host: string;
  readonly port: number;
  readonly transport: TrunkTransport;
  readonly username: string | null;
  /** Addresses and networks that its calls come from; empty when they come from the host. */
  readonly sources: readonly string[];
  /** Calls at a time on this trunk that go out; null is no limit. */
  readonly maxChannels: number | null;
  readonly enabled: boolean;
  readonly callerId: CallerIdPolicy;
}

export interface ProvisionedTrunk extends Trunk {
  readonly password: string | null;
}

export interface OutsideNumber {
  /** As {@link canonical} writes it. */
  readonly number: string;
  readonly kind: 'phone' | 'call_center';
  /** The extension or call center that it leads to. */
  readonly target: string;
  /** What is shown outside when the phone of this number calls; null is the number itself. */
  readonly presented: string | null;
}

export interface OutgoingRoute {
  /** Digits, `X` for any digit, and a `.` at the end for one or more digits. */
  readonly pattern: string;
  /** The trunk's id. */
  readonly trunk: string;
  /** Digits taken away at the front. */
  readonly strip: number;
  /** Digits put there instead. */
  readonly prepend: string;
  /** What is shown outside; null is the number of the phone that calls. */
  readonly callerNumber: string | null;
}

/** What is known of a trunk now. Unknown counts as well: a call is worth the attempt. */
export type Reach = 'up' | 'down' | 'unknown';

export interface TrunkState {
  readonly trunk: Trunk;
  readonly reach: Reach;
  /** Calls on it now. */
  readonly channels: number;
}

export interface OutgoingWay {
  readonly trunk: string;
  /** As `PJSIP/0312345678@trunk-main`. */
  readonly endpoint: string;
  /** The number shown to the called party; empty when there is none. */
  readonly callerId: string;
}

/** Japan's: numbers are kept as they are dialled inside the country. */
const COUNTRY = '81';
/** `81` without a plus is the country only before a whole number. */
const SHORTEST_WITH_COUNTRY = 11;

export const TRUNK_ID = /^[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?$/;
export const HOST =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/;
export const SOURCE = /^[0-9A-Fa-f.:]{2,45}(?:\/[0-9]{1,3})?$/;
export const USERNAME = /^[A-Za-z0-9._+-]{1,64}$/;
/** Any sign that can be seen; Asterisk's configuration loses blanks at the ends. */
export const PASSWORD = /^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/;
export const PATTERN = /^(?:[0-9X]{1,32}\.?|\.)$/;
export const OUTSIDE_NUMBER = /^\+?[0-9]{3,20}$/;
export const PREPEND = /^\+?[0-9]{0,16}$/;

/** A number in its one form: national (`0312345678`) for Japan's, `+44…` for others. Undefined when it is no number. */
export function canonical(number: string): string | undefined {
  const digits = number.replace(/[\s()-]/g, '');
  if (!/^\+?[0-9]{1,20}$/.test(digits)) return undefined;
  const international = digits.startsWith('+');
  const bare = international ? digits.slice(1) : digits;
  const domestic = bare.startsWith(COUNTRY) && (international || bare.length >= SHORTEST_WITH_COUNTRY);
  if (domestic) return `0${bare.slice(COUNTRY.length).replace(/^0+/, '')}`;
  return digits;
}

/** What is shown, and written down, of a caller who does not tell the number; it is also what SIP calls them. */
export const ANONYMOUS = 'anonymous';
/** What networks write where a number would be (RFC 3323, and older customs). */
const NO_NUMBER = /^(?:anonymous|restricted|unavailable|unknown|private|withheld)?$/i;

/**
 * Who calls from outside, as people here may see it.
 * @param withheld the caller asked the network to keep number and name back; the provider may have told us all the same
 */
export function shownCaller(
  { name, number }: { readonly name: string; readonly number: string },
  withheld: boolean,
): { readonly name: string; readonly number: string } {
  if (withheld || NO_NUMBER.test(number.trim())) return { name: '', number: ANONYMOUS };
  return { name, number: canonical(number) ?? number };
}

/** Where a call from outside leads. */
export function routeIncoming(
  number: string,
  numbers: ReadonlyMap<string, OutsideNumber>,
): { readonly kind: 'phone' | 'call_center'; readonly number: string } | undefined {
  const found = numbers.get(canonical(number) ?? '');
  return found === undefined ? undefined : { kind: found.kind, number: found.target };
}

export function matches(pattern: string, number: string): boolean {
  const open = pattern.endsWith('.');
  const fixed = open ? pattern.slice(0, -1) : pattern;
  if (open ? number.length <= fixed.length : number.length !== fixed.length) return false;
  return Array.from(fixed).every((sign, index) => sign === 'X' || sign === number[index]);
}

export interface Outgoing {
  readonly number: string;
  /** What the phone that calls shows outside by itself; undefined when it has no outside number. */
  readonly ownNumber: string | undefined;
  readonly emergency: boolean;
}

/**
 * The ways out for a number, best first: by the order of the routes, over trunks that are on, not known to be down, and not full. For an emergency
 * number every trunk that is on counts: those of its routes, then the others, and the ones that seem down or full last of all.
 */
export function routeOutgoing(
  { number, ownNumber, emergency }: Outgoing,
  routes: readonly OutgoingRoute[],
  states: ReadonlyMap<string, TrunkState>,
): readonly OutgoingWay[] {
  const chosen = routes.filter(({ pattern }) => matches(pattern, number));
  const plain = (trunk: string): OutgoingRoute => ({
    pattern: number,
    trunk,
    strip: 0,
    prepend: '',
    callerNumber: null,
  });
  const all = emergency ? [...chosen, ...[...states.keys()].map(plain)] : chosen;
  const ways = new Map<string, { readonly way: OutgoingWay; readonly free: boolean }>();
  for (const route of all) {
    const state = states.get(route.trunk);
    if (state?.trunk.enabled !== true || ways.has(route.trunk)) continue;
    const { trunk, reach, channels } = state;
    const free = reach !== 'down' && (trunk.maxChannels === null || channels < trunk.maxChannels);
    if (!free && !emergency) continue;
    ways.set(route.trunk, { free, way: wayOver(route, trunk, number, ownNumber) });
  }
  const found = [...ways.values()];
  return [...found.filter(({ free }) => free), ...found.filter(({ free }) => !free)].map(({ way }) => way);
}

function wayOver(
  route: OutgoingRoute,
  trunk: Trunk,
  number: string,
  ownNumber: string | undefined,
): OutgoingWay {
  const dialled = route.prepend + number.slice(route.strip);
  return {
    trunk: trunk.id,
    endpoint: `PJSIP/${dialled}@${endpointOf(trunk.id)}`,
    callerId: route.callerNumber ?? ownNumber ?? trunk.username ?? '',
  };
}

export function isEmergency(number: string, emergencyNumbers: readonly string[]): boolean {
  return emergencyNumbers.includes(number);
}

export interface Limit {
  /** Outside channels in use. */
  readonly outsideChannels: number;
  /** Null is no limit. */
  readonly limit: number | null;
  readonly emergency: boolean;
}

/** Whether one more outside channel is allowed. */
export function withinLimit({ outsideChannels, limit, emergency }: Limit): boolean {
  return emergency || limit === null || outsideChannels < limit;
}

const PREFIX = 'trunk-';

/** The name of a trunk's endpoint in Asterisk. */
export function endpointOf(id: string): string {
  return PREFIX + id;
}

/** The trunk of an endpoint's name, or of the name of one of its channels (`PJSIP/trunk-main-0000002a`). */
export function trunkOfEndpoint(endpoint: string): string | undefined {
  return endpoint.startsWith(PREFIX) ? endpoint.slice(PREFIX.length) : undefined;
}

export function trunkOfChannel(channelName: string): string | undefined {
  return /^PJSIP\/trunk-([a-z0-9-]+)-[0-9a-f]{8,}$/.exec(channelName)?.[1];
}

/** The address of our registration. */
export function registrationOf({ username, host, port }: Trunk): string {
  return `sip:${username ?? ''}@${hostPort(host, port)}`;
}

const REGISTRATION_SECONDS = 300;
/** A trunk that does not answer in time is down. */
const QUALIFY_TIMEOUT_SECONDS = 2;

/** Asterisk asks a trunk that it has just learned of for the first time within this, ms; until then no answer means nothing. */
export function settlingMs({ ask }: SipTiming): number {
  return (ask + QUALIFY_TIMEOUT_SECONDS + 3) * 1_000;
}

/** Which trunks are registered, from Asterisk's metrics: the only place where it tells. Absent are those that never were. */
export function registrationsIn(metrics: string, trunks: readonly Trunk[]): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  for (const line of metrics.split('\n')) {
    const [, labels = '', value] =
      /^asterisk_pjsip_outbound_registration_status\{(.*)\} ([0-2])$/.exec(line) ?? [];
    const user = /(?:^|,)username="([^"]*)"/.exec(labels)?.[1];
    for (const trunk of trunks)
      if (user !== undefined && user === registrationOf(trunk)) found.set(trunk.id, value === '1');
  }
  return found;
}

/**
 * The PJSIP configuration of all trunks that are on, and of one that is off only what its registration needs to be taken back. A trunk is known by the address that its calls come from, or by our registration, and never by
 * the name in From, which anybody may write. What people entered was checked by the patterns above, and is escaped all the same.
 */
export function trunksConfig(trunks: readonly ProvisionedTrunk[], timing: SipTiming): string {
  return ['; Written by the server from the database: changes made here are lost.\n']
    .concat(trunks.map((trunk) => (trunk.enabled ? trunkConfig(trunk, timing) : authConfig(trunk))))
    .join('\n');
}

function trunkConfig(trunk: ProvisionedTrunk, timing: SipTiming): string {
  const { id, kind, host, port, transport, username, password, sources } = trunk;
  const name = endpointOf(id);
  const address = `sip:${hostPort(host, port)}${transport === 'tcp' ? ';transport=tcp' : ''}`;
  const signsIn = username !== null && password !== null;
  return [
    section(name, endpointSettings(trunk, signsIn, timing)),
    section(name, [
      ['type', 'aor'],
      ['contact', address],
      ['qualify_frequency', timing.ask],
      ['qualify_timeout', QUALIFY_TIMEOUT_SECONDS],
    ]),
    section(name, [
      ['type', 'identify'],
      ['endpoint', name],
      ['srv_lookups', 'no'],
      ...(sources.length === 0 ? [host] : sources).map((source): Setting => ['match', source]),
    ]),
    authConfig(trunk),
    kind === 'registration' && signsIn
      ? section(name, [
          ['type', 'registration'],
          ['transport', `transport-${transport}`],
          ['outbound_auth', name],
          ['server_uri', address],
          ['client_uri', registrationOf(trunk)],
          ['contact_user', username],
          ['endpoint', name],
          ['line', 'yes'],
          ['expiration', REGISTRATION_SECONDS],
          ['retry_interval', timing.retry],
          ['forbidden_retry_interval', timing.retry],
          ['fatal_retry_interval', timing.retry],
          ['auth_rejection_permanent', 'no'],
          ['max_retries', 1_000_000],
        ])
      : '',
  ].join('\n');
}

function authConfig({ id, username, password }: ProvisionedTrunk): string {
  if (username === null || password === null) return '';
  return section(endpointOf(id), [
    ['type', 'auth'],
    ['auth_type', 'digest'],
    ['username', username],
    ['password', password],
  ]);
}

type Setting = readonly [name: string, value: string | number];

function endpointSettings(
  { id, host, transport, username, callerId }: Trunk,
  signsIn: boolean,
  timing: SipTiming,
): readonly Setting[] {
  const settings: Setting[] = [
    ['type', 'endpoint'],
    ['context', 'outside'],
    ['transport', `transport-${transport}`],
    ['disallow', 'all'],
    ['allow', 'ulaw,alaw'],
    ['direct_media', 'no'],
    ['rtp_symmetric', 'yes'],
    ['force_rport', 'yes'],
    ['rewrite_contact', 'yes'],
    ['dtmf_mode', 'auto'],
    ['rtp_timeout', timing.trunkSilence],
    ['rtp_timeout_hold', timing.holdSilence],
    ['allow_transfer', 'no'],
    ['identify_by', 'ip'],
    ['trust_id_inbound', 'yes'],
    // Who talks there later, after a transfer, is nothing that the provider needs to know.
    ['send_connected_line', 'no'],
    ['aors', endpointOf(id)],
  ];
  if (signsIn) settings.push(['outbound_auth', endpointOf(id)]);
  if (username !== null) {
    settings.push(['from_domain', host], ['set_var', `SASAYAKI_LINE_USER=${username}`]);
    if (callerId !== 'from') settings.push(['from_user', username]);
  }
  if (callerId === 'asserted') settings.push(['send_pai', 'yes'], ['trust_id_outbound', 'yes']);
  return settings;
}

function section(name: string, settings: readonly Setting[]): string {
  return `[${name}]\n${settings.map(([key, value]) => `${key} = ${escaped(String(value))}\n`).join('')}`;
}

/** A `;` would begin a comment, and nothing that ends a line may come through. */
function escaped(value: string): string {
  return value.replace(/[\r\n\0]/g, ' ').replaceAll(';', '\\;');
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
