import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CallCenterView } from '../../../server/src/http/contract.ts';
import { actionsColumn } from '../parts/actions-column.tsx';
import { useAnswer } from '../parts/data.ts';
import { Loaded, Page } from '../parts/page.tsx';
import { Named, Table, type Column } from '../parts/table.tsx';
import { useDialogs } from '../parts/use-dialogs.ts';
import { CallCenterDialog } from './call-center-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { MembersDialog } from './members-dialog.tsx';

const PATH = '/api/call-centers';
const WISHES = ['edit', 'editMembers', 'delete'] as const;
type Wish = (typeof WISHES)[number];
type Open = { readonly what: 'new' } | { readonly what: Wish; readonly center: CallCenterView };

/** コールセンター: their rules and who belongs to them. */
export default function CallCentersPage() {
  const { t } = useTranslation();
  const query = useAnswer<{ readonly callCenters: readonly CallCenterView[] }>(PATH);
  const { open, setOpen, close, done, finish } = useDialogs<Open>();
  const columns = useColumns((what, center) => setOpen({ what, center }));
  return (
    <Page
      title={t('pages.callCenters')}
      lead={t('administration.callCenters.lead')}
      done={done}
      actions={
        <Button size="xs" onClick={() => setOpen({ what: 'new' })}>
          {t('administration.callCenters.add')}
        </Button>
      }
    >
      <Loaded query={query}>
        {({ callCenters }) => (
          <Table
            empty={t('administration.callCenters.empty')}
            label={t('pages.callCenters')}
            columns={columns}
            rows={callCenters}
            keyOf={({ number }) => number}
          />
        )}
      </Loaded>
      {open?.what === 'new' && <CallCenterDialog onClose={close} onDone={finish} />}
      {open?.what === 'edit' && <CallCenterDialog center={open.center} onClose={close} onDone={finish} />}
      {open?.what === 'editMembers' && <MembersDialog center={open.center} onClose={close} onDone={finish} />}
      {open?.what === 'delete' && (
        <DeleteDialog
          name={`${open.center.number} ${open.center.name}`}
          path={`${PATH}/${open.center.number}`}
          touched={[PATH, '/api/grants', '/api/accounts']}
          onClose={close}
          onDone={finish}
        />
      )}
    </Page>
  );
}

function useColumns(onWish: (wish: Wish, center: CallCenterView) => void): readonly Column<CallCenterView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'number',
      head: t('administration.callCenters.number'),
      cell: ({ number, name }) => <Named name={number} detail={name} />,
    },
    {
      key: 'members',
      head: t('administration.callCenters.members'),
      cell: ({ members }) => t('administration.callCenters.memberCount', { count: members.length }),
    },
    {
      key: 'priority',
      head: t('administration.callCenters.priority'),
      cell: ({ priority }) => priority,
    },
    {
      key: 'ring',
      head: t('administration.callCenters.ringSeconds'),
      cell: ({ ringSeconds }) => ringSeconds,
    },
    {
      key: 'wrapUp',
      head: t('administration.callCenters.wrapUpSeconds'),
      cell: ({ wrapUpSeconds }) => wrapUpSeconds,
    },
    {
      key: 'overflow',
      head: t('administration.callCenters.overflowAction'),
      cell: ({ overflowAction, overflowTarget, overflowSeconds }) => (
        <Named
          name={`${t(`administration.callCenters.actions.${overflowAction}`)} ${overflowTarget ?? ''}`}
          detail={`${t('administration.callCenters.overflowSeconds')}: ${overflowSeconds}`}
        />
      ),
    },
    actionsColumn(t, (center) => ({
      name: center.name,
      items: WISHES.map((wish) => ({
        words: t(`administration.callCenters.${wish}`),
        act: () => onWish(wish, center),
      })),
    })),
  ];
}
