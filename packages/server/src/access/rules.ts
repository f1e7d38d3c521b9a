/**
 * Who may do what (pure). Roles decide which doors exist for an account; grants decide what it may do with one resource. What is not allowed
 * here is not allowed.
 */

export type Role = 'system_administrator' | 'supervisor' | 'user';
export type Level = 'view' | 'edit' | 'manage';
export type ResourceKind = 'phone' | 'call_center' | 'campaign';

export interface Grant {
  readonly kind: ResourceKind;
  /** The phone's or call center's number, or the campaign's id. */
  readonly resource: string;
  readonly level: Level;
}

export interface Actor {
  readonly role: Role;
  readonly grants: readonly Grant[];
}

/** Something done to an agent from a page or the API, to an agent in a campaign, to an extension from a dial, or to a resource itself. */
export type Action =
  | 'see_agent'
  | 'change_agent_status'
  | 'monitor_from_page'
  | 'monitor_from_job_monitor'
  | 'monitor_from_dial'
  | 'see_phone'
  | 'edit_phone'
  | 'delete_phone'
  | 'see_sip_credentials'
  | 'see_call_center'
  | 'edit_call_center'
  | 'delete_call_center'
  | 'see_campaign'
  | 'edit_campaign'
  | 'delete_campaign';

interface Need {
  readonly roles: readonly Role[];
  readonly kind: ResourceKind;
  readonly level: Level;
}

const ANY: readonly Role[] = ['system_administrator', 'supervisor', 'user'];
const LEADERS: readonly Role[] = ['system_administrator', 'supervisor'];
const ADMINISTRATORS: readonly Role[] = ['system_administrator'];

const NEEDS: Readonly<Record<Action, Need>> = {
  see_agent: { roles: LEADERS, kind: 'call_center', level: 'view' },
  change_agent_status: { roles: LEADERS, kind: 'call_center', level: 'edit' },
  monitor_from_page: { roles: LEADERS, kind: 'call_center', level: 'edit' },
  monitor_from_job_monitor: { roles: LEADERS, kind: 'campaign', level: 'edit' },
  monitor_from_dial: { roles: ANY, kind: 'phone', level: 'edit' },
  see_phone: { roles: LEADERS, kind: 'phone', level: 'view' },
  edit_phone: { roles: ADMINISTRATORS, kind: 'phone', level: 'edit' },
  delete_phone: { roles: ADMINISTRATORS, kind: 'phone', level: 'manage' },
  see_sip_credentials: { roles: ADMINISTRATORS, kind: 'phone', level: 'edit' },
  see_call_center: { roles: LEADERS, kind: 'call_center', level: 'view' },
  edit_call_center: { roles: ADMINISTRATORS, kind: 'call_center', level: 'edit' },
  delete_call_center: { roles: ADMINISTRATORS, kind: 'call_center', level: 'manage' },
  see_campaign: { roles: LEADERS, kind: 'campaign', level: 'view' },
  edit_campaign: { roles: ADMINISTRATORS, kind: 'campaign', level: 'edit' },
  delete_campaign: { roles: ADMINISTRATORS, kind: 'campaign', level: 'manage' },
};

/** A part of the pages and the API: for oneself, for those who lead agents, for those who run the system. */
export type Area = 'own' | 'floor' | 'administration';

const AREAS: Readonly<Record<Area, readonly Role[]>> = {
  own: ANY,
  floor: LEADERS,
  administration: ADMINISTRATORS,
};

/** Whether an area exists for a role at all; what may be done there with one resource is for {@link allowed}. */
export function mayEnter(role: Role, area: Area): boolean {
  return AREAS[area].includes(role);
}

const RANK: Readonly<Record<Level, number>> = { view: 1, edit: 2, manage: 3 };

/** A target and the resources through which it can be reached: an agent's call centers, a campaign, an extension. */
export interface Target<Id> {
  readonly id: Id;
  readonly resources: readonly string[];
}

/** The targets on which the action is allowed; one sufficient grant on one of a target's resources is enough. */
export function allowed<Id>(actor: Actor, action: Action, targets: readonly Target<Id>[]): ReadonlySet<Id> {
  const need = NEEDS[action];
  if (!need.roles.includes(actor.role)) return new Set();
  const reachable = new Set(
    actor.grants
      .filter(({ kind, level }) => kind === need.kind && RANK[level] >= RANK[need.level])
      .map(({ resource }) => resource),
  );
  return new Set(
    targets
      .filter(({ resources }) => resources.some((resource) => reachable.has(resource)))
      .map(({ id }) => id),
  );
}

/** Whether a dial password is one that anybody would try: one digit, a run, the ID itself or its reverse. */
export function isTrivialDialPassword(password: string, dialId: string): boolean {
  const steps = new Set<number>();
  for (let index = 1; index < password.length; index += 1) {
    // Counted round the keypad: 8901 is a run too.
    steps.add((Number(password[index]) - Number(password[index - 1]) + 10) % 10);
  }
  const run = steps.size === 1 && [0, 1, 9].some((step) => steps.has(step));
  return run || password === dialId || password === Array.from(dialId).reverse().join('');
}

/** Shorter console passwords are refused; longer ones are not judged further. */
export const SHORTEST_PASSWORD = 12;

export function isWeakPassword(password: string, loginName: string): boolean {
  const distinct = new Set(password).size;
  return (
    password.length < SHORTEST_PASSWORD ||
    distinct < 5 ||
    password.toLowerCase().includes(loginName.toLowerCase())
  );
}
