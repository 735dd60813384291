import { useQuery } from '@tanstack/react-query';
import { Plus, Search, X } from 'lucide-react';
import { lazy, Suspense, useDeferredValue, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useAppearance } from '../../lib/appearance-context.ts';
import { loadAllWords, useText } from '../../lib/i18n/i18n.ts';
import { useMatrixRows } from '../../lib/matrix-hooks.ts';
import { NARROW, useMedia } from '../../lib/media.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Failure, Skeleton } from '../../ui/states.tsx';
import { matrixQuery } from './api/list-flags.ts';
import { filterRows, VIEWS, type FlagFilter } from './filter.ts';
import { FlagMatrix } from './flag-matrix.tsx';
import { NoFlags } from './no-flags.tsx';
import style from './flag-list.module.css';

/** It says more than the first page does. */
const CreateFlagDialog = lazy(async () => {
  const [module] = await Promise.all([import('./create-flag-dialog.tsx'), loadAllWords()]);
  return { default: module.CreateFlagDialog };
});

interface FlagListProps {
  readonly filter: FlagFilter;
  readonly onFilter: (filter: FlagFilter) => void;
  readonly onCreated: (flag: string) => void;
}

/** The home page: every flag in every environment, on one screen. */
export function FlagList({ filter, onFilter, onCreated }: FlagListProps) {
  const { t, format } = useText();
  const { key, environments, matrix, user } = useProject();
  const [creating, setCreating] = useState<string | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const loading = useQuery(matrixQuery(key, matrix));
  const all = useMatrixRows(matrix);
  const text = useDeferredValue(filter.text);
  const rows = useMemo(
    () => filterRows(all, { text, view: filter.view }, environments, user.email),
    [all, text, filter.view, environments, user.email],
  );
  const barred = useBarred();
  useShortcuts({
    '/': () => search.current?.focus(),
    c: () => barred === null && setCreating(''),
  });
  return (
    <Page
      title={t('flags.title')}
      heading={
        <>
          {t('flags.title')} {matrix.loaded && <span className={style.count}>{format.number(all.length)}</span>}
        </>
      }
      actions={
        <Button look="primary" barred={barred} onClick={() => setCreating('')}>
          <Plus size={16} aria-hidden />
          {t('flags.create')}
        </Button>
      }
    >
      <Tools filter={filter} search={search} onFilter={onFilter} />
      <Rows
        rows={rows}
        empty={<NoFlags any={all.length > 0} {...{ filter, onFilter, barred }} onCreate={setCreating} />}
        loading={!matrix.loaded && loading.isPending}
        error={matrix.loaded ? null : loading.error}
        onRetry={() => void loading.refetch()}
      />
      {creating !== null && (
        <Suspense>
          <CreateFlagDialog initialKey={creating} onClose={() => setCreating(null)} onCreated={onCreated} />
        </Suspense>
      )}
    </Page>
  );
}

interface ToolsProps extends Pick<FlagListProps, 'filter' | 'onFilter'> {
  readonly search: RefObject<HTMLInputElement | null>;
}

function Tools({ filter, search, onFilter }: ToolsProps) {
  const { t } = useText();
  return (
    <div className={style.tools}>
      <div className={style.search}>
        <Search size={16} aria-hidden />
        <input
          ref={search}
          type="search"
          aria-label={t('flags.filter')}
          placeholder={t('flags.filterHint')}
          value={filter.text}
          onChange={(event) => onFilter({ ...filter, text: event.target.value })}
          onKeyDown={(event) => event.key === 'Escape' && onFilter({ ...filter, text: '' })}
        />
        {filter.text !== '' && (
          <IconButton size="small" label={t('flags.clear')} onClick={() => onFilter({ ...filter, text: '' })}>
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      <Segmented
        label={t('flags.views.label')}
        value={filter.view}
        segments={VIEWS.map((value) => ({ value, label: t(`flags.views.${value}`) }))}
        onChange={(view) => onFilter({ ...filter, view })}
      />
    </div>
  );
}

interface RowsProps {
  readonly rows: ReturnType<typeof filterRows>;
  readonly empty: ReactNode;
  readonly loading: boolean;
  readonly error: unknown;
  readonly onRetry: () => void;
}

function Rows({ rows, empty, loading, error, onRetry }: RowsProps) {
  const { density, shortcuts } = useAppearance();
  const narrow = useMedia(NARROW);
  if (loading) return <Skeleton rows={8} height="56px" />;
  if (error !== null) return <Failure error={error} onRetry={onRetry} />;
  if (rows.length === 0) return empty;
  return <FlagMatrix rows={rows} narrow={narrow} rowHeight={density === 'compact' ? 40 : 56} shortcuts={shortcuts} />;
}
