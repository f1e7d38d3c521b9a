import type { ReactNode } from 'react';
import { Nothing } from './page.tsx';
import classes from './table.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
}

interface TableProps<Row> {
  readonly label: string;
  /** The first names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** What is said in place of a list without rows. */
  readonly empty?: string;
}

/**
 * A list: a table on a wide screen, cards on a narrow one, from the same elements. The roles are written out because a browser forgets that
 * a table is one when its elements are laid out as something else.
 */
export function Table<Row>({ label, columns, rows, keyOf, empty }: TableProps<Row>) {
  const [naming, ...others] = columns;
  if (naming === undefined) return null;
  if (rows.length === 0 && empty !== undefined) return <Nothing words={empty} />;
  return (
    <div className={classes['frame']}>
      <table role="table" className={classes['table']} aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ key, head }) => (
              <th key={key} role="columnheader" scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row">
              <th role="rowheader" scope="row">
                {naming.cell(row)}
              </th>
              {others.map(({ key, head, cell }) => (
                <td key={key} role="cell" data-label={head}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Two lines in one cell: what it is, and what tells it from others. */
export function Named({ name, detail }: { readonly name: ReactNode; readonly detail: ReactNode }) {
  return (
    <span className={classes['named']}>
      <span className={classes['name']}>{name}</span>
      <span className={classes['detail']}>{detail}</span>
    </span>
  );
}
