import { reachableAgents } from '../access/rights.ts';
import type { Db } from '../database/pool.ts';
import type { Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import type { PhoneService } from '../phones/service.ts';
import { practiceForm, type PracticeAnswer } from './forms.ts';
import { readMark, readOwnPhone } from './store.ts';

/** `/api/practice`: whether there are practice calls to listen to, for the guide in the page. */
export function registerPracticeRoutes(app: Api, session: Session, db: Db, phones: PhoneService): void {
  app.get(
    '/api/practice',
    {
      config: { summary: 'The practice agents that the account may see, and its own phone; for the guide.' },
      schema: { response: { 200: practiceForm } },
    },
    async (request): Promise<PracticeAnswer> => {
      const { id } = await session.requireAccount(request);
      const mark = await readMark(db);
      if (mark === undefined) return { practice: null };
      const seen = await reachableAgents(db, id, 'see_agent');
      const agents = mark.accounts.filter((account) => seen.has(account));
      if (agents.length === 0) return { practice: null };
      const number = await readOwnPhone(db, id);
      const phone = number === null ? null : { number, registered: phones.isRegistered(number) };
      return { practice: { agents, phone } };
    },
  );
}
