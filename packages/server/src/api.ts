import type { SecondFactors } from './access/second-factor.ts';
import type { AccessService } from './access/service.ts';
import type { AgentService } from './agents/service.ts';
import type { LiveCallCenters } from './callcenters/live.ts';
import type { Db } from './database/pool.ts';
import type { Vault } from './database/vault.ts';
import type { AgentView } from './http/contract.ts';
import type { Api } from './http/forms.ts';
import type { Session } from './http/server.ts';
import type { PhoneService } from './phones/service.ts';
import type { Settings } from './settings/service.ts';
import type { Telephony } from './telephony/service.ts';
import type { TrunkService } from './trunks/service.ts';
import { registerAccountRoutes } from './access/account-routes.ts';
import { AccountService } from './access/account-service.ts';
import { registerAuditRoutes } from './access/audit-routes.ts';
import { registerSecondFactorRoutes } from './access/second-factor-routes.ts';
import { registerTokenRoutes } from './access/token-routes.ts';
import { registerHistoryRoutes } from './agents/history-routes.ts';
import { registerAgentRoutes } from './agents/routes.ts';
import { registerCallCenterAdministration } from './callcenters/administration-routes.ts';
import { registerCallHistoryRoutes } from './calls/history-routes.ts';
import { registerRedialRoutes } from './calls/redial-routes.ts';
import { registerFiguresRoutes } from './callcenters/figures-routes.ts';
import { DialCredentials } from './dialing/issue.ts';
import { registerDialingRoutes } from './dialing/routes.ts';
import { registerMonitoringHistoryRoutes } from './monitoring/history-routes.ts';
import { registerMonitoringRoutes } from './monitoring/routes.ts';
import { registerCampaignRoutes } from './outbound/routes.ts';
import { PhoneAdministration } from './phones/administration.ts';
import { registerPhoneRoutes } from './phones/routes.ts';
import { registerPracticeRoutes } from './practice/routes.ts';
import { registerSeatingRoutes } from './seating/routes.ts';
import { registerSiteRoutes } from './site/routes.ts';
import { registerSettingsRoutes } from './site/settings-routes.ts';
import { registerTrunkRoutes } from './trunks/routes.ts';

/** What the routes are about. */
export interface ApiParts {
  readonly db: Db;
  readonly vault: Vault;
  readonly access: AccessService;
  readonly factors: SecondFactors;
  readonly agents: AgentService;
  readonly phones: PhoneService;
  readonly trunks: TrunkService;
  readonly telephony: Telephony;
  readonly liveCallCenters: LiveCallCenters;
  /** The board's rows of these agents. */
  readonly views: (ids: readonly number[]) => Promise<readonly AgentView[]>;
  readonly settings: () => Settings;
  /** Reads them again, since they were changed. */
  readonly settingsChanged: () => Promise<void>;
  readonly sipPort: number;
}

/** Every route of the API, feature by feature. */
export function apiRoutes(parts: ApiParts): readonly ((app: Api, session: Session) => void)[] {
  const { db, vault, access, factors, agents, phones, trunks, telephony, liveCallCenters } = parts;
  const { views, settings, settingsChanged, sipPort } = parts;
  return [
    (instance, session) => registerTokenRoutes(instance, session, db),
    (instance, session) => registerSecondFactorRoutes(instance, session, { access, factors }),
    (instance, session) =>
      registerAgentRoutes(instance, session, {
        db,
        agents,
        views,
        seatingEnabled: () => settings().seatViewOption,
      }),
    (instance, session) => registerHistoryRoutes(instance, session, db),
    (instance, session) => registerCallHistoryRoutes(instance, session, db),
    (instance, session) => registerRedialRoutes(instance, session, db, telephony.redial),
    (instance, session) => registerDialingRoutes(instance, session, db, new DialCredentials(db, vault)),
    (instance) => registerAuditRoutes(instance, db),
    (instance, session) =>
      registerAccountRoutes(instance, session, db, new AccountService(db, vault, agents)),
    (instance, session) => registerTrunkRoutes(instance, session, { db, vault, trunks }),
    (instance, session) =>
      registerPhoneRoutes(instance, session, {
        db,
        phones,
        administration: new PhoneAdministration(db, vault),
        sipPort: sipPort,
      }),
    (instance, session) => registerCallCenterAdministration(instance, session, db),
    (instance, session) =>
      registerFiguresRoutes(instance, session, {
        db,
        live: liveCallCenters,
        enabled: () => settings().callCenterPlan,
      }),
    (instance, session) =>
      registerSeatingRoutes(instance, session, {
        db,
        views,
        enabled: () => settings().seatViewOption,
      }),
    (instance, session) =>
      registerCampaignRoutes(instance, session, { db, enabled: () => settings().outboundOption }),
    (instance, session) => registerSettingsRoutes(instance, session, db, settingsChanged),
    (instance, session) => registerSiteRoutes(instance, session, db, vault),
    (instance, session) => registerPracticeRoutes(instance, session, db, phones),
    (instance, session) => registerMonitoringRoutes(instance, session, db, telephony.monitoring),
    (instance) => registerMonitoringHistoryRoutes(instance, db),
  ];
}
