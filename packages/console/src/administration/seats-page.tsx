import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FloorView } from '../../../server/src/http/contract.ts';
import { useAnswer } from '../parts/data.ts';
import { Loaded, Nothing, Page, Section } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { useDialogs } from '../parts/use-dialogs.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { FloorDialog } from './floor-dialog.tsx';

const PATH = '/api/floors';
type Open = { readonly what: 'new' } | { readonly what: 'edit' | 'delete'; readonly floor: FloorView };

/** 座席: floors and their seats. */
export default function SeatsPage() {
  const { t } = useTranslation();
  const query = useAnswer<{ readonly floors: readonly FloorView[] }>(PATH);
  const { open, setOpen, close, done, finish } = useDialogs<Open>();
  return (
    <Page
      title={t('pages.seats')}
      lead={t('administration.seats.lead')}
      done={done}
      actions={
        <Button size="xs" onClick={() => setOpen({ what: 'new' })}>
          {t('administration.seats.add')}
        </Button>
      }
    >
      <Loaded query={query}>
        {({ floors }) =>
          floors.length === 0 ? (
            <Nothing words={t('administration.seats.empty')} />
          ) : (
            floors.map((floor) => (
              <Floor
                key={floor.id}
                floor={floor}
                onEdit={() => setOpen({ what: 'edit', floor })}
                onDelete={() => setOpen({ what: 'delete', floor })}
              />
            ))
          )
        }
      </Loaded>
      {open?.what === 'new' && <FloorDialog onClose={close} onDone={finish} />}
      {open?.what === 'edit' && <FloorDialog floor={open.floor} onClose={close} onDone={finish} />}
      {open?.what === 'delete' && (
        <DeleteDialog
          name={open.floor.name}
          path={`${PATH}/${open.floor.id}`}
          touched={[PATH]}
          onClose={close}
          onDone={finish}
        />
      )}
    </Page>
  );
}

interface FloorProps {
  readonly floor: FloorView;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

function Floor({ floor, onEdit, onDelete }: FloorProps) {
  const { t } = useTranslation();
  const { name, seats } = floor;
  return (
    <Section
      title={name}
      lead={t('administration.seats.count', { count: seats.length })}
      actions={
        <span className={parts['actions']}>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('administration.seats.editOf', { name })}
            onClick={onEdit}
          >
            {t('administration.seats.edit')}
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('administration.seats.deleteOf', { name })}
            onClick={onDelete}
          >
            {t('parts.delete')}
          </Button>
        </span>
      }
    >
      {seats.length === 0 ? (
        <Nothing words={t('administration.seats.noSeats')} />
      ) : (
        <Table
          label={name}
          rows={seats}
          keyOf={({ id }) => id}
          columns={[
            { key: 'id', head: t('administration.seats.id'), cell: ({ id }) => id },
            { key: 'name', head: t('administration.seats.name'), cell: (seat) => seat.name },
          ]}
        />
      )}
    </Section>
  );
}
