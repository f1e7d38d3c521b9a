import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { TrunkView } from '../../../server/src/trunks/forms.ts';
import { actionsColumn } from '../parts/actions-column.tsx';
import { useAnswer } from '../parts/data.ts';
import { State } from '../parts/fields.tsx';
import { Loaded, Page, Section } from '../parts/page.tsx';
import { Named, Table, type Column } from '../parts/table.tsx';
import { useDialogs } from '../parts/use-dialogs.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { OutsideNumbers } from './outside-numbers.tsx';
import { OutgoingRoutes } from './outgoing-routes.tsx';
import { TrunkDialog } from './trunk-dialog.tsx';

/** Providers come and go by themselves. */
const EVERY_MS = 5_000;
const WISHES = ['change', 'delete'] as const;
type Open = { readonly what: 'new' } | { readonly what: (typeof WISHES)[number]; readonly trunk: TrunkView };

/** 外線: trunks and how they do, numbers from outside, ways out. */
export default function TrunksPage() {
  const { t } = useTranslation();
  const query = useAnswer<{ readonly trunks: readonly TrunkView[] }>('/api/trunks', { everyMs: EVERY_MS });
  const { open, setOpen, close, done, setDone, finish } = useDialogs<Open>();
  const columns = useColumns((what, trunk) => setOpen({ what, trunk }));
  return (
    <Page title={t('pages.trunks')} lead={t('administration.trunks.lead')} done={done}>
      <Section
        title={t('administration.trunks.trunks')}
        actions={
          <Button size="xs" onClick={() => setOpen({ what: 'new' })}>
            {t('administration.trunks.addTrunk')}
          </Button>
        }
      >
        <Loaded query={query}>
          {({ trunks }) => (
            <Table
              empty={t('administration.trunks.trunksEmpty')}
              label={t('administration.trunks.trunks')}
              columns={columns}
              rows={trunks}
              keyOf={({ id }) => id}
            />
          )}
        </Loaded>
      </Section>
      <OutsideNumbers onDone={setDone} />
      <OutgoingRoutes trunks={query.data?.trunks ?? []} onDone={setDone} />
      {open?.what === 'new' && <TrunkDialog onClose={close} onDone={finish} />}
      {open?.what === 'change' && <TrunkDialog trunk={open.trunk} onClose={close} onDone={finish} />}
      {open?.what === 'delete' && (
        <DeleteDialog
          name={open.trunk.name}
          path={`/api/trunks/${open.trunk.id}`}
          touched={['/api/trunks', '/api/outgoing-routes']}
          onClose={close}
          onDone={finish}
        />
      )}
    </Page>
  );
}

function useColumns(
  onWish: (wish: (typeof WISHES)[number], trunk: TrunkView) => void,
): readonly Column<TrunkView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      head: t('administration.trunks.name'),
      cell: ({ name, id }) => <Named name={name} detail={id} />,
    },
    {
      key: 'kind',
      head: t('administration.trunks.kind'),
      cell: ({ kind, host, port, transport }) => (
        <Named
          name={t(`administration.trunks.${kind}`)}
          detail={`${host}:${port} ${transport.toUpperCase()}`}
        />
      ),
    },
    {
      key: 'state',
      head: t('administration.trunks.state'),
      cell: (trunk) => <TrunkState trunk={trunk} />,
    },
    {
      key: 'channels',
      head: t('administration.trunks.channels'),
      cell: ({ channels, maxChannels }) => (maxChannels === null ? channels : `${channels} / ${maxChannels}`),
    },
    actionsColumn(t, (trunk) => ({
      name: trunk.name,
      items: WISHES.map((wish) => ({ words: t(`parts.${wish}`), act: () => onWish(wish, trunk) })),
    })),
  ];
}

function TrunkState({ trunk }: { readonly trunk: TrunkView }) {
  const { t } = useTranslation();
  const { enabled, reach, registered } = trunk;
  if (!enabled) return t('administration.trunks.disabled');
  const state = ({ up: 'good', down: 'bad', unknown: 'unknown' } as const)[reach];
  const words = t(`administration.trunks.${reach}`);
  if (registered === null) return <State state={state} words={words} />;
  return (
    <State
      state={registered ? state : 'bad'}
      words={`${words} / ${t(registered ? 'administration.trunks.registered' : 'administration.trunks.unregistered')}`}
    />
  );
}
