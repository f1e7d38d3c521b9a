import { useMemo, useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView, CallCenterView, MembersRequest } from '../../../server/src/http/contract.ts';
import { useAnswer, useChange } from '../parts/data.ts';
import { FormDialog } from '../parts/dialogs.tsx';
import { FilterInput } from '../parts/fields.tsx';
import { Loaded, Nothing } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import classes from './administration.module.css';
import { isNumberBetween, matches } from './rules.ts';

interface MembersDialogProps {
  readonly center: CallCenterView;
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

/** Who belongs to a call center, and with which priority. */
export function MembersDialog({ center, onClose, onDone }: MembersDialogProps) {
  const { t } = useTranslation();
  const query = useAnswer<{ readonly accounts: readonly AccountView[] }>('/api/accounts');
  const change = useChange(['/api/call-centers', '/api/accounts', '/api/agents']);
  const [members, setMembers] = useState<ReadonlyMap<number, string>>(
    new Map(center.members.map(({ accountId, priority }) => [accountId, String(priority)])),
  );
  const [search, setSearch] = useState('');
  const [tried, setTried] = useState(false);
  const wrong = useMemo(
    () => [...members].filter(([, priority]) => !isNumberBetween(priority, 1, 99)).map(([id]) => id),
    [members],
  );
  const set = (id: number, priority: string | null): void => {
    const next = new Map(members);
    if (priority === null) next.delete(id);
    else next.set(id, priority);
    setMembers(next);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (wrong.length > 0) return;
    const body: MembersRequest = {
      members: [...members].map(([accountId, priority]) => ({ accountId, priority: Number(priority) })),
    };
    change.mutate(
      { method: 'PUT', path: `/api/call-centers/${center.number}/members`, body },
      { onSuccess: () => onDone(t('parts.saved', { name: center.name })) },
    );
  };
  return (
    <FormDialog
      title={t('administration.callCenters.membersTitle', { name: center.name })}
      onClose={onClose}
      onSubmit={submit}
      change={change}
    >
      <p className={parts['lead']}>{t('administration.callCenters.membersLead')}</p>
      <FilterInput
        type="search"
        label={t('administration.accounts.search')}
        value={search}
        onChange={setSearch}
      />
      <Loaded query={query}>
        {({ accounts }) => {
          const agents = accounts.filter(({ agent, id }) => agent || members.has(id));
          if (agents.length === 0) return <Nothing words={t('administration.callCenters.noAgents')} />;
          return (
            <ul className={classes['people']}>
              {agents
                .filter(({ displayName, loginName }) => matches(search, displayName, loginName))
                .map(({ id, displayName, loginName }) => (
                  <li key={id}>
                    <label className={parts['check']}>
                      <input
                        type="checkbox"
                        checked={members.has(id)}
                        onChange={(event) => set(id, event.currentTarget.checked ? '1' : null)}
                      />
                      <span>
                        {displayName}
                        <span className={parts['hint']}>{loginName}</span>
                      </span>
                    </label>
                    {members.has(id) && (
                      <span className={classes['priority']}>
                        {t('administration.callCenters.priority')}
                        <input
                          inputMode="numeric"
                          aria-label={t('administration.callCenters.priorityOf', { name: displayName })}
                          aria-invalid={tried && wrong.includes(id)}
                          className={classes['short']}
                          value={members.get(id)}
                          onChange={(event) => set(id, event.currentTarget.value)}
                        />
                      </span>
                    )}
                  </li>
                ))}
            </ul>
          );
        }}
      </Loaded>
      {tried && wrong.length > 0 && (
        <p role="alert" className={parts['bad']}>
          {t('parts.wrong.number', { least: 1, most: 99 })}
        </p>
      )}
    </FormDialog>
  );
}
