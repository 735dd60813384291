import type { MatrixRow } from '@dimmer/core/api';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Lock } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { environmentName } from '../../lib/environment-words.ts';
import { useInstances } from '../../lib/project-context.ts';
import { EnvironmentTile, hueOf } from '../../ui/environment-tile.tsx';
import type { CellColumn, CellCommons } from './flag-cell.tsx';
import { FlagRow } from './flag-row.tsx';
import style from './flag-grid.module.css';
import { useGridFocus } from './use-grid-focus.ts';

interface FlagGridProps {
  readonly rows: readonly MatrixRow[];
  readonly columns: readonly CellColumn[];
  readonly commons: CellCommons;
  readonly rowHeight: number;
  /** Letters move too. */
  readonly shortcuts: boolean;
}

const HEADER = 57;

/** Flags by environments in pipeline order: virtual rows, and one tab stop from which the arrows lead on. */
export function FlagGrid({ rows, columns, commons, rowHeight, shortcuts }: FlagGridProps) {
  const body = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useEffect(() => setOffset(body.current?.offsetTop ?? 0), [rows.length]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => document.getElementById('main'),
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: offset,
    scrollPaddingStart: HEADER,
    getItemKey: (index) => rows[index]?.key ?? index,
  });
  const page = Math.max(1, Math.floor((window.innerHeight - HEADER) / rowHeight) - 2);
  const { active, onKeyDown, onFocus } = useGridFocus({
    extent: { rows: rows.length, columns: columns.length + 1, page },
    letters: shortcuts,
    find: (place) => body.current?.querySelector<HTMLElement>(`[data-at="${place.row}:${place.column}"]`) ?? null,
    reveal: (row) => virtual.scrollToIndex(row),
  });
  return (
    <div
      role="grid"
      aria-label={commons.text.t('flags.grid')}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 2}
      className={style.grid}
      style={{ '--columns': columns.length }}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      <Header columns={columns} commons={commons} />
      <div role="rowgroup" ref={body} className={style.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const flag = rows[item.index];
          if (flag === undefined) return null;
          return (
            <FlagRow
              key={item.key}
              row={flag}
              index={item.index}
              top={item.start - offset}
              columns={columns}
              commons={commons}
              active={item.index === active.row ? active.column : null}
            />
          );
        })}
      </div>
    </div>
  );
}

function Header({ columns, commons }: Pick<FlagGridProps, 'columns' | 'commons'>) {
  const { t } = commons.text;
  return (
    <div role="rowgroup" className={style.head}>
      <div role="row" aria-rowindex={1} className={style.row}>
        <div role="columnheader" className={style.heading}>
          {t('flags.columns.flag')}
        </div>
        {columns.map((column) => (
          <EnvironmentHeading key={column.environment.key} column={column} commons={commons} />
        ))}
        <div role="columnheader" className={style.last}>
          {t('flags.columns.lastChange')}
        </div>
      </div>
    </div>
  );
}

interface HeadingProps {
  readonly column: CellColumn;
  readonly commons: CellCommons;
}

function EnvironmentHeading({ column: { environment }, commons: { text } }: HeadingProps) {
  const { t, format } = text;
  const instances = useInstances(environment.key);
  return (
    <div
      role="columnheader"
      className={style.environment}
      style={{ borderTopColor: hueOf(environment) }}
      data-temporary={environment.expiresAt !== undefined}
    >
      <EnvironmentTile environment={environment} />
      <span className={style.stage}>
        <span className={style.stageName}>
          {environmentName(text, environment)}
          {environment.protected && <Lock size={12} role="img" aria-label={t('environment.protected')} />}
        </span>
        <span className={style.instances}>
          {instances === 0
            ? t('environment.liveNone')
            : t('environment.live', { count: instances, n: format.number(instances) })}
        </span>
      </span>
    </div>
  );
}
