/** What pjsip.conf of an Asterisk of the kit's own says of phones. */

/** A template, `[phone]`, for phones and providers that carry their sound through Asterisk, in G.711. */
export const ENDPOINT_TEMPLATE = `[phone](!)
type = endpoint
context = default
disallow = all
allow = ulaw,alaw
direct_media = no
rtp_symmetric = yes
force_rport = yes
rewrite_contact = yes
`;

export interface PhoneAccount {
  readonly number: string;
  readonly password: string;
}

/**
 * A phone that registers.
 * @param how.template what it is made after
 * @param how.more further lines of its endpoint
 */
export function phoneEndpoint(
  { number, password }: PhoneAccount,
  { template = 'phone', more = '' }: { readonly template?: string; readonly more?: string } = {},
): string {
  return `[${number}](${template})
${more}auth = ${number}
aors = ${number}
[${number}]
type = auth
auth_type = digest
username = ${number}
password = ${password}
[${number}]
type = aor
max_contacts = 1
remove_existing = yes
`;
}

/** The template, and these phones. */
export function phoneEndpoints(accounts: readonly PhoneAccount[]): string {
  return [ENDPOINT_TEMPLATE, ...accounts.map((account) => phoneEndpoint(account))].join('');
}
