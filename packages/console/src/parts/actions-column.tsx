import type { TFunction } from 'i18next';
import { Menu, type MenuItem } from '../shell/menu.tsx';
import type { Column } from './table.tsx';

interface RowActions {
  /** What the row is called when it is read aloud. */
  readonly name: string;
  readonly items: readonly MenuItem[];
}

/** The last column of a list: a menu of what can be done with the row. */
export function actionsColumn<Row>(t: TFunction, of: (row: Row) => RowActions): Column<Row> {
  return {
    key: 'actions',
    head: t('parts.actions'),
    cell: (row) => {
      const { name, items } = of(row);
      return (
        <Menu label={t('parts.actionsOf', { name })} items={items}>
          {t('parts.actions')}
        </Menu>
      );
    },
  };
}
