import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AccountView, ApiTokenView } from '../../../server/src/http/contract.ts';
import { useAnswer, useChange } from '../parts/data.ts';
import { ConfirmDialog } from '../parts/dialogs.tsx';
import { State } from '../parts/fields.tsx';
import { Loaded } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { Named, Table, type Column } from '../parts/table.tsx';
import { Moment } from '../parts/time.tsx';
import { useDialogs } from '../parts/use-dialogs.ts';
import { TokenDialog } from './token-dialog.tsx';

interface TokenListProps {
  readonly whose: 'me' | 'all';
  readonly self: number;
  /** For whom one may be issued; oneself only when empty. */
  readonly accounts?: readonly Pick<AccountView, 'id' | 'displayName'>[];
}

type Open = { readonly what: 'new' } | { readonly what: 'revoke'; readonly token: ApiTokenView };

/** API tokens of oneself or of everybody: listed, issued, revoked. */
export function TokenList({ whose, self, accounts = [] }: TokenListProps) {
  const { t } = useTranslation();
  const query = useAnswer<{ readonly tokens: readonly ApiTokenView[] }>(`/api/tokens?account=${whose}`);
  const { open, setOpen, close, done, finish } = useDialogs<Open>();
  const columns = useColumns(whose, accounts, (token) => setOpen({ what: 'revoke', token }));
  return (
    <>
      <Button size="xs" onClick={() => setOpen({ what: 'new' })}>
        {t('administration.tokens.add')}
      </Button>
      <p role="status" className={parts['done']}>
        {done}
      </p>
      <Loaded query={query}>
        {({ tokens }) => (
          <Table
            empty={t('administration.tokens.empty')}
            label={t('pages.tokens')}
            columns={columns}
            rows={tokens}
            keyOf={({ id }) => id}
          />
        )}
      </Loaded>
      {open?.what === 'new' && <TokenDialog self={self} accounts={accounts} onClose={close} />}
      {open?.what === 'revoke' && (
        <RevokeDialog
          token={open.token}
          onClose={close}
          onDone={() => finish(t('administration.tokens.revokedDone', { name: open.token.name }))}
        />
      )}
    </>
  );
}

function RevokeDialog(props: {
  readonly token: ApiTokenView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const { id, name } = props.token;
  const change = useChange(['/api/tokens']);
  return (
    <ConfirmDialog
      title={t('administration.tokens.revokeOf', { name })}
      words={t('administration.tokens.revokeAsk', { name })}
      confirm={t('administration.tokens.revoke')}
      change={change}
      onClose={props.onClose}
      onConfirm={() =>
        change.mutate({ method: 'DELETE', path: `/api/tokens/${id}` }, { onSuccess: props.onDone })
      }
    />
  );
}

function stateOf({ revokedAt, expiresAt }: ApiTokenView): 'active' | 'expired' | 'revoked' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now() ? 'expired' : 'active';
}

function useColumns(
  whose: TokenListProps['whose'],
  accounts: readonly Pick<AccountView, 'id' | 'displayName'>[],
  onRevoke: (token: ApiTokenView) => void,
): readonly Column<ApiTokenView>[] {
  const { t } = useTranslation();
  const owner: Column<ApiTokenView> = {
    key: 'owner',
    head: t('administration.tokens.owner'),
    cell: ({ accountId }) => accounts.find(({ id }) => id === accountId)?.displayName ?? String(accountId),
  };
  return [
    {
      key: 'name',
      head: t('administration.tokens.name'),
      cell: ({ name, scope }) => <Named name={name} detail={t(`administration.tokens.${scope}`)} />,
    },
    ...(whose === 'all' ? [owner] : []),
    {
      key: 'created',
      head: t('administration.tokens.created'),
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
    {
      key: 'used',
      head: t('administration.tokens.used'),
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? t('administration.tokens.never') : <Moment at={lastUsedAt} />,
    },
    {
      key: 'expires',
      head: t('administration.tokens.expires'),
      cell: ({ expiresAt }) =>
        expiresAt === null ? t('administration.tokens.noExpiry') : <Moment at={expiresAt} />,
    },
    {
      key: 'state',
      head: t('administration.tokens.state'),
      cell: (token) => {
        const state = stateOf(token);
        return (
          <State state={state === 'active' ? 'good' : 'bad'} words={t(`administration.tokens.${state}`)} />
        );
      },
    },
    {
      key: 'actions',
      head: t('parts.actions'),
      cell: (token) =>
        token.revokedAt === null && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('administration.tokens.revokeOf', { name: token.name })}
            onClick={() => onRevoke(token)}
          >
            {t('administration.tokens.revoke')}
          </Button>
        ),
    },
  ];
}
