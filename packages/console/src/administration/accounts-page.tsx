import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../server/src/http/contract.ts';
import { actionsColumn } from '../parts/actions-column.tsx';
import { useAnswer } from '../parts/data.ts';
import { Badge, FilterInput, Filters, FilterSelect, State } from '../parts/fields.tsx';
import { Loaded, Page } from '../parts/page.tsx';
import { Named, Table, type Column } from '../parts/table.tsx';
import { useDialogs } from '../parts/use-dialogs.ts';
import type { PageProps } from '../shell/pages.ts';
import { AccountDialog } from './account-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { DialDialog } from './dial-credentials.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { OneTimePasswordDialog } from './one-time-password.tsx';
import { matches, ROLES } from './rules.ts';
import { SecondFactorDialog } from './second-factor-dialog.tsx';

const PATH = '/api/accounts';
type Wish = 'edit' | 'dial' | 'oneTime' | 'second' | 'delete';
const WISHES: readonly Wish[] = ['edit', 'dial', 'oneTime', 'second', 'delete'];

/** What makes sense for this account; of one's own, the second factor is taken away with a code, on one's own page. */
function wishesFor({ id, builtIn, secondFactor }: AccountView, self: number): readonly Wish[] {
  return WISHES.filter((wish) => {
    if (wish === 'delete') return !builtIn;
    return wish !== 'second' || (secondFactor && id !== self);
  });
}

type Open = { readonly what: 'new' | 'import' } | { readonly what: Wish; readonly account: AccountView };

/** アカウント: who there is; made, changed, deleted, one by one or from a file. */
export default function AccountsPage({ account: self }: PageProps) {
  const { t } = useTranslation();
  const query = useAnswer<{ readonly accounts: readonly AccountView[] }>(PATH);
  const [search, setSearch] = useState('');
  const [role, setRole] = useState('');
  const { open, setOpen, close, done, finish } = useDialogs<Open>();
  return (
    <Page
      title={t('pages.accounts')}
      lead={t('administration.accounts.lead')}
      done={done}
      actions={
        <>
          <Button variant="default" size="xs" onClick={() => setOpen({ what: 'import' })}>
            {t('administration.accounts.import')}
          </Button>
          <Button size="xs" onClick={() => setOpen({ what: 'new' })}>
            {t('administration.accounts.add')}
          </Button>
        </>
      }
    >
      <Filters label={t('parts.filters')}>
        <FilterInput
          type="search"
          label={t('administration.accounts.search')}
          value={search}
          onChange={setSearch}
        />
        <FilterSelect
          label={t('administration.accounts.role')}
          value={role}
          onChange={setRole}
          choices={ROLES.map((value) => ({ value, label: t(`session.role.${value}`) }))}
        />
      </Filters>
      <Loaded query={query}>
        {({ accounts }) => {
          const found = accounts.filter(
            (account) =>
              (role === '' || account.role === role) &&
              matches(search, account.displayName, account.loginName),
          );
          return (
            <AccountTable
              self={self.id}
              accounts={found}
              onWish={(what, account) => setOpen({ what, account })}
            />
          );
        }}
      </Loaded>
      {open?.what === 'new' && <AccountDialog onClose={close} onDone={finish} />}
      {open?.what === 'import' && <ImportDialog onClose={close} />}
      {open?.what === 'edit' && <AccountDialog account={open.account} onClose={close} onDone={finish} />}
      {open?.what === 'dial' && (
        <DialDialog account={open.account.id} name={open.account.displayName} onClose={close} />
      )}
      {open?.what === 'oneTime' && <OneTimePasswordDialog account={open.account} onClose={close} />}
      {open?.what === 'second' && (
        <SecondFactorDialog account={open.account} onClose={close} onDone={finish} />
      )}
      {open?.what === 'delete' && (
        <DeleteDialog
          name={open.account.displayName}
          path={`${PATH}/${open.account.id}`}
          touched={[PATH, '/api/grants', '/api/call-centers']}
          onClose={close}
          onDone={finish}
        />
      )}
    </Page>
  );
}

function AccountTable(props: {
  readonly self: number;
  readonly accounts: readonly AccountView[];
  readonly onWish: (wish: Wish, account: AccountView) => void;
}) {
  const { t } = useTranslation();
  const columns: readonly Column<AccountView>[] = [
    {
      key: 'account',
      head: t('administration.accounts.account'),
      cell: ({ displayName, loginName, builtIn }) => (
        <Named
          name={
            <>
              {displayName} {builtIn && <Badge>{t('administration.accounts.builtIn')}</Badge>}
            </>
          }
          detail={loginName}
        />
      ),
    },
    {
      key: 'role',
      head: t('administration.accounts.role'),
      cell: ({ role }) => t(`session.role.${role}`),
    },
    {
      key: 'agent',
      head: t('administration.accounts.agent'),
      cell: ({ agent }) =>
        agent ? t('administration.accounts.agentOn') : t('administration.accounts.agentOff'),
    },
    {
      key: 'phone',
      head: t('administration.accounts.signInPhone'),
      cell: ({ signInPhone }) => signInPhone ?? t('parts.none'),
    },
    {
      key: 'callCenters',
      head: t('administration.accounts.callCenters'),
      cell: ({ callCenters }) =>
        callCenters.length === 0 ? t('parts.none') : callCenters.map(({ number }) => number).join(', '),
    },
    {
      key: 'console',
      head: t('administration.accounts.console'),
      cell: ({ hasPassword, mustChangePassword }) => {
        if (!hasPassword) return t('administration.accounts.consoleNone');
        return mustChangePassword ? (
          <State state="unknown" words={t('administration.accounts.consoleOnce')} />
        ) : (
          <State state="good" words={t('administration.accounts.consoleReady')} />
        );
      },
    },
    actionsColumn(t, (account) => ({
      name: account.displayName,
      items: wishesFor(account, props.self).map((wish) => ({
        words: t(`administration.accounts.${wish}`),
        act: () => props.onWish(wish, account),
      })),
    })),
  ];
  return (
    <Table
      empty={t('administration.accounts.empty')}
      label={t('pages.accounts')}
      columns={columns}
      rows={props.accounts}
      keyOf={({ id }) => id}
    />
  );
}
