import type { MatrixRow } from '@dimmer/core/api';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useProject } from '../../lib/project-context.ts';
import { EnvironmentLabel } from '../../ui/environment-tile.tsx';
import { FlagCell, type CellColumn, type CellCommons } from './flag-cell.tsx';
import style from './flag-cards.module.css';

interface FlagCardsProps {
  readonly rows: readonly MatrixRow[];
  readonly columns: readonly CellColumn[];
  readonly commons: CellCommons;
}

/** The matrix on a narrow screen: a card for each flag, a labelled switch for each environment. */
export function FlagCards({ rows, columns, commons }: FlagCardsProps) {
  const { key: project } = useProject();
  const list = useRef<HTMLUListElement>(null);
  const [offset, setOffset] = useState(0);
  useEffect(() => setOffset(list.current?.offsetTop ?? 0), [rows.length]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => document.getElementById('main'),
    estimateSize: () => 84 + columns.length * 48,
    overscan: 4,
    gap: 12,
    scrollMargin: offset,
    getItemKey: (index) => rows[index]?.key ?? index,
  });
  return (
    <ul
      ref={list}
      className={style.list}
      style={{ height: virtual.getTotalSize() }}
      aria-label={commons.text.t('flags.grid')}
    >
      {virtual.getVirtualItems().map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        return (
          <li
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            className={style.card}
            style={{ transform: `translateY(${item.start - offset}px)` }}
          >
            <Link to="/p/$project/flags/$flag" params={{ project, flag: row.key }} className={style.key}>
              {row.key}
            </Link>
            {row.description !== '' && <p className={style.purpose}>{row.description}</p>}
            {columns.map((column) => (
              <div key={column.environment.key} className={style.stage}>
                <EnvironmentLabel environment={column.environment} />
                <FlagCell flag={row.key} column={column} commons={commons} focusable />
              </div>
            ))}
          </li>
        );
      })}
    </ul>
  );
}
