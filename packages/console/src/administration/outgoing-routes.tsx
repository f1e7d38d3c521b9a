import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { routeForm, TrunkView } from '../../../server/src/trunks/forms.ts';
import { useAnswer } from '../parts/data.ts';
import { Loaded, Section } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import { RoutesDialog } from './routes-dialog.tsx';

export type OutgoingRoute = z.output<typeof routeForm>;

interface OutgoingRoutesProps {
  readonly trunks: readonly Pick<TrunkView, 'id' | 'name'>[];
  readonly onDone: (words: string) => void;
}

/** 発信経路: ways out, in the order in which they are tried. */
export function OutgoingRoutes({ trunks, onDone }: OutgoingRoutesProps) {
  const { t } = useTranslation();
  const query = useAnswer<{ readonly routes: readonly OutgoingRoute[] }>('/api/outgoing-routes');
  const [open, setOpen] = useState(false);
  const nameOf = (id: string): string => trunks.find((trunk) => trunk.id === id)?.name ?? id;
  return (
    <Section
      title={t('administration.trunks.routes')}
      lead={t('administration.trunks.routesLead')}
      actions={
        query.data !== undefined && (
          <Button size="xs" variant="default" onClick={() => setOpen(true)}>
            {t('administration.trunks.editRoutes')}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {({ routes }) => (
          <Table
            empty={t('administration.trunks.routesEmpty')}
            label={t('administration.trunks.routes')}
            rows={routes.map((route, index) => ({ ...route, order: index + 1 }))}
            keyOf={({ order }) => order}
            columns={[
              {
                key: 'pattern',
                head: t('administration.trunks.pattern'),
                cell: ({ order, pattern }) => `${order}. ${pattern}`,
              },
              { key: 'trunk', head: t('administration.trunks.trunk'), cell: ({ trunk }) => nameOf(trunk) },
              { key: 'strip', head: t('administration.trunks.strip'), cell: ({ strip }) => strip },
              { key: 'prepend', head: t('administration.trunks.prepend'), cell: ({ prepend }) => prepend },
              {
                key: 'caller',
                head: t('administration.trunks.callerNumber'),
                cell: ({ callerNumber }) => callerNumber ?? t('administration.trunks.callerNumberOwn'),
              },
            ]}
          />
        )}
      </Loaded>
      {open && query.data !== undefined && (
        <RoutesDialog
          routes={query.data.routes}
          trunks={trunks}
          onClose={() => setOpen(false)}
          onDone={(words) => {
            setOpen(false);
            onDone(words);
          }}
        />
      )}
    </Section>
  );
}
