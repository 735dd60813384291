import type { MatrixRow } from '@dimmer/core/api';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useProject } from '../../lib/project-context.ts';
import { Ago } from '../../ui/ago.tsx';
import { Badge } from '../../ui/badge.tsx';
import { FlagCell, type CellColumn, type CellCommons } from './flag-cell.tsx';
import style from './flag-grid.module.css';

interface FlagRowProps {
  readonly row: MatrixRow;
  readonly index: number;
  readonly top: number;
  readonly columns: readonly CellColumn[];
  readonly commons: CellCommons;
  /** Column that has the tab stop, if this row has it. */
  readonly active: number | null;
}

export const FlagRow = memo(function FlagRow({ row, index, top, columns, commons, active }: FlagRowProps) {
  const { key: project } = useProject();
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={style.row}
      data-body
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="rowheader" className={style.flag}>
        <Link
          to="/p/$project/flags/$flag"
          params={{ project, flag: row.key }}
          className={style.key}
          tabIndex={active === 0 ? 0 : -1}
          data-at={`${index}:0`}
        >
          {row.key}
        </Link>
        <span className={style.purpose}>
          {row.tags.slice(0, 3).map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
          <span className={style.description}>{row.description || (row.name === row.key ? '' : row.name)}</span>
        </span>
      </div>
      {columns.map((column, position) => (
        <div role="gridcell" key={column.environment.key} className={style.cell}>
          <FlagCell
            flag={row.key}
            column={column}
            commons={commons}
            at={`${index}:${position + 1}`}
            focusable={active === position + 1}
          />
        </div>
      ))}
      <div role="gridcell" className={style.last}>
        {row.lastChange !== null && (
          <>
            <Ago at={row.lastChange.at} />
            <span className={style.actor}>{row.lastChange.actor}</span>
          </>
        )}
      </div>
    </div>
  );
});
