import type { Environment, MatrixRow } from '@dimmer/core/api';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useStore } from '../../lib/external-store.ts';
import { environmentName } from '../../lib/environment-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { RUNGS, rungOf } from '../../lib/ladder.ts';
import { barredText, useProject } from '../../lib/project-context.ts';
import { rungWord } from '../../lib/rung-words.ts';
import type { CellColumn, CellCommons } from './flag-cell.tsx';
import { FlagCards } from './flag-cards.tsx';
import { FlagGrid } from './flag-grid.tsx';
import { useCellActions } from './use-cell-change.tsx';

const MenuPopup = lazy(() => import('../../ui/menu-popup.tsx').then((m) => ({ default: m.MenuPopup })));

interface FlagMatrixProps {
  readonly rows: readonly MatrixRow[];
  readonly narrow: boolean;
  readonly rowHeight: number;
  readonly shortcuts: boolean;
}

interface OpenMenu {
  readonly flag: string;
  readonly environment: Environment;
}

/** Grid or cards, with one ladder menu for all their cells. */
export function FlagMatrix({ rows, narrow, rowHeight, shortcuts }: FlagMatrixProps) {
  const text = useText();
  const { environments, matrix, user, live } = useProject();
  const online = useStore(live).state === 'live';
  const { toggle, step } = useCellActions();
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const anchor = useRef<HTMLElement>(null);
  const columns = useMemo<readonly CellColumn[]>(
    () =>
      environments.map((environment) => ({ environment, barred: barredText(text.t, user.role, online, environment) })),
    [environments, text.t, user.role, online],
  );
  const commons = useMemo<CellCommons>(
    () => ({
      matrix,
      text,
      onToggle: (flag, environment) => void toggle(flag, environment),
      onMenu(flag, environment, button) {
        anchor.current = button;
        setMenu({ flag, environment });
      },
    }),
    [matrix, text, toggle],
  );
  const present = menu === null ? undefined : matrix.cell(menu.flag, menu.environment.key)?.cell;
  return (
    <>
      {narrow ? (
        <FlagCards rows={rows} columns={columns} commons={commons} />
      ) : (
        <FlagGrid {...{ rows, columns, commons, rowHeight, shortcuts }} />
      )}
      {menu !== null && present !== undefined && (
        <Suspense>
          <MenuPopup
            label={text.t('flags.menu', { flag: menu.flag, environment: environmentName(text, menu.environment) })}
            anchor={anchor}
            onClose={() => setMenu(null)}
            entries={RUNGS.map((rung) => ({
              id: String(rung),
              label: rungWord(text, rung, menu.environment),
              checked: rungOf(present) === rung,
              onSelect: () => void step(menu.flag, menu.environment, rung),
            }))}
          />
        </Suspense>
      )}
    </>
  );
}
