import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import style from './table.module.css';

export interface Column<R> {
  readonly id: string;
  readonly label: string;
  readonly cell: (row: R) => ReactNode;
  /** Names the row. */
  readonly header?: boolean;
  /** The heading is for screen readers only. */
  readonly bare?: boolean;
}

interface TableProps<R> {
  readonly label: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly keyOf: (row: R) => string;
}

/** A plain table that becomes a list of labelled facts on narrow screens. */
export function Table<R>({ label, columns, rows, keyOf }: TableProps<R>) {
  return (
    <div className={style.frame}>
      {/* The roles survive the layout as a list, which takes the implicit ones away. */}
      <table role="table" className={style.table}>
        <caption className="hidden">{label}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.id} role="columnheader" scope="col">
                <span className={classNames(column.bare === true && 'hidden')}>{column.label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row">
              {columns.map((column) =>
                column.header === true ? (
                  <th key={column.id} role="rowheader" scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id} role="cell" data-label={column.bare === true ? undefined : column.label}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
