import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView, GrantsAnswer } from '../../../server/src/http/contract.ts';
import { useAnswer, useChange } from '../parts/data.ts';
import { FilterInput, Filters, FilterSelect } from '../parts/fields.tsx';
import { Loaded, Nothing, Page } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { Named, Table, type Column } from '../parts/table.tsx';
import { Failure, useErrorWords } from '../session/failure.tsx';
import classes from './administration.module.css';
import {
  changesOf,
  choose,
  levelIn,
  LEVELS,
  levelsOf,
  type GrantKind,
  type Level,
  type Levels,
} from './grant-rules.ts';
import { RolesTable } from './roles-table.tsx';
import { matches, ROLES } from './rules.ts';

/** More columns or rows than this are not looked at but searched in. */
const MOST_COLUMNS = 12;
const MOST_ROWS = 60;
const KINDS: readonly GrantKind[] = ['call_center', 'phone'];

/** 権限: a matrix of accounts and resources. Choices are collected, and saved all together or not at all. */
export default function GrantsPage() {
  const { t } = useTranslation();
  const accounts = useAnswer<{ readonly accounts: readonly AccountView[] }>('/api/accounts');
  const grants = useAnswer<GrantsAnswer>('/api/grants');
  const [done, setDone] = useState('');
  return (
    <Page title={t('pages.grants')} lead={t('administration.grants.lead')} done={done}>
      <RolesTable />
      <Loaded query={accounts}>
        {(people) => (
          <Loaded query={grants}>
            {(answer) => <Matrix accounts={people.accounts} answer={answer} onDone={setDone} />}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

interface MatrixProps {
  readonly accounts: readonly AccountView[];
  readonly answer: GrantsAnswer;
  readonly onDone: (words: string) => void;
}

function Matrix({ accounts, answer, onDone }: MatrixProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const change = useChange(['/api/grants']);
  const [kind, setKind] = useState<GrantKind>('call_center');
  const [who, setWho] = useState('');
  const [role, setRole] = useState('');
  const [what, setWhat] = useState('');
  const [draft, setDraft] = useState<Levels>(new Map());
  const kept = useMemo(() => levelsOf(answer.grants), [answer]);
  const people = accounts.filter(
    (account) =>
      (role === '' || account.role === role) && matches(who, account.displayName, account.loginName),
  );
  const resources = answer.resources.filter(
    (entry) => entry.kind === kind && matches(what, entry.resource, entry.name),
  );
  const save = (): void => {
    onDone('');
    change.mutate(
      { method: 'PATCH', path: '/api/grants', body: { changes: changesOf(draft) } },
      {
        onSuccess: () => {
          setDraft(new Map());
          onDone(t('administration.grants.saved'));
        },
      },
    );
  };
  const columns: readonly Column<AccountView>[] = [
    {
      key: 'account',
      head: t('administration.accounts.account'),
      cell: (account) => <Named name={account.displayName} detail={t(`session.role.${account.role}`)} />,
    },
    ...resources.slice(0, MOST_COLUMNS).map(({ resource, name }) => ({
      key: resource,
      head: `${resource} ${name}`,
      cell: ({ id, displayName }: AccountView) => {
        const place = { accountId: id, kind, resource };
        const changed = levelIn(draft, id, kind, resource);
        return (
          <LevelSelect
            label={t('administration.grants.cell', { name: displayName, resource: `${resource} ${name}` })}
            level={changed ?? levelIn(kept, id, kind, resource) ?? 'none'}
            changed={changed !== undefined}
            onChange={(level) => setDraft(choose(draft, kept, place, level))}
          />
        );
      },
    })),
  ];
  const tooMany = [
    [people.length, MOST_ROWS],
    [resources.length, MOST_COLUMNS],
  ] as const;
  return (
    <>
      <Filters label={t('parts.filters')}>
        <div role="group" aria-label={t('administration.grants.kind')} className={classes['tabs']}>
          {KINDS.map((value) => (
            <button key={value} type="button" aria-pressed={kind === value} onClick={() => setKind(value)}>
              {t(`administration.grants.${value}`)}
            </button>
          ))}
        </div>
        <FilterInput
          type="search"
          label={t('administration.grants.resource')}
          value={what}
          onChange={setWhat}
        />
        <FilterInput
          type="search"
          label={t('administration.accounts.search')}
          value={who}
          onChange={setWho}
        />
        <FilterSelect
          label={t('administration.accounts.role')}
          value={role}
          onChange={setRole}
          choices={ROLES.map((value) => ({ value, label: t(`session.role.${value}`) }))}
        />
      </Filters>
      {tooMany.map(
        ([all, most]) =>
          all > most && (
            <p key={most} className={parts['lead']}>
              {t('administration.grants.tooMany', { all, count: most })}
            </p>
          ),
      )}
      {resources.length === 0 ? (
        <Nothing words={t('administration.grants.noResources')} />
      ) : people.length === 0 ? (
        <Nothing words={t('administration.accounts.empty')} />
      ) : (
        <Table
          label={t('pages.grants')}
          columns={columns}
          rows={people.slice(0, MOST_ROWS)}
          keyOf={({ id }) => id}
        />
      )}
      <div className={classes['bar']} data-changed={draft.size > 0 || undefined}>
        {change.error !== null && <Failure id="grants-failure" words={errorWords(change.error)} />}
        <span role="status">
          {draft.size === 0
            ? t('administration.grants.unchanged')
            : t('administration.grants.changed', { count: draft.size })}
        </span>
        <span className={parts['actions']}>
          <Button variant="default" size="xs" disabled={draft.size === 0} onClick={() => setDraft(new Map())}>
            {t('administration.grants.undo')}
          </Button>
          <Button size="xs" disabled={draft.size === 0} loading={change.isPending} onClick={save}>
            {t('administration.grants.save')}
          </Button>
        </span>
      </div>
    </>
  );
}

interface LevelSelectProps {
  readonly label: string;
  readonly level: Level;
  readonly changed: boolean;
  readonly onChange: (level: Level) => void;
}

function LevelSelect({ label, level, changed, onChange }: LevelSelectProps) {
  const { t } = useTranslation();
  return (
    <select
      className={classes['level']}
      aria-label={label}
      data-level={level}
      data-changed={changed || undefined}
      value={level}
      onChange={({ currentTarget: { value } }) => {
        const chosen = LEVELS.find((entry) => entry === value);
        if (chosen !== undefined) onChange(chosen);
      }}
    >
      {LEVELS.map((value) => (
        <option key={value} value={value}>
          {t(`administration.grants.${value}`)}
        </option>
      ))}
    </select>
  );
}
