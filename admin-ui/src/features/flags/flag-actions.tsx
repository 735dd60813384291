import type { FlagView } from '@dimmer/core/api';
import { Archive, MoreHorizontal, OctagonX, Pencil } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { productionOf } from '../../lib/environment-look.ts';
import { environmentName } from '../../lib/environment-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useMatrixCell } from '../../lib/matrix-hooks.ts';
import { codeOf } from '../../lib/problem-words.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { archiveFlag } from './api/archive-flag.ts';
import { setEnabled } from './api/set-cell.ts';

const EditFlagDialog = lazy(() => import('./edit-flag-dialog.tsx').then((m) => ({ default: m.EditFlagDialog })));

interface FlagActionsProps {
  readonly flag: FlagView;
  readonly onArchived: () => void;
}

/** Kill switch, always in sight; the rest in a menu. */
export function FlagActions({ flag, onArchived }: FlagActionsProps) {
  const { t } = useText();
  const [editing, setEditing] = useState(false);
  const archive = useArchive(flag.key, onArchived);
  const barred = useBarred();
  return (
    <>
      <KillSwitch flag={flag.key} />
      {barred === null && (
        <MenuButton
          menuLabel={t('more')}
          aria-label={t('more')}
          title={t('more')}
          entries={[
            {
              id: 'edit',
              label: t('flags.page.editDetails'),
              icon: <Pencil size={14} aria-hidden />,
              onSelect: () => setEditing(true),
            },
            {
              id: 'archive',
              label: t('flags.page.archive'),
              icon: <Archive size={14} aria-hidden />,
              onSelect: () => void archive(false),
            },
          ]}
        >
          <MoreHorizontal size={16} aria-hidden />
        </MenuButton>
      )}
      {editing && (
        <Suspense>
          <EditFlagDialog flag={flag} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </>
  );
}

function KillSwitch({ flag }: { readonly flag: string }) {
  const text = useText();
  const { t } = text;
  const change = useChange();
  const { key: project, environments, matrix } = useProject();
  const production = productionOf(environments);
  const state = useMatrixCell(matrix, flag, production?.key ?? '');
  const offline = useBarred(production);
  if (production === undefined) return null;
  const environment = environmentName(text, production);
  const idle = state?.cell.enabled === true ? null : t('flags.page.killIdle', { environment });
  const kill = (): Promise<unknown> => {
    const expectation = { current: null as ReturnType<typeof matrix.expect> | null };
    return change({
      environment: production,
      direction: 'lower',
      ask: true,
      danger: true,
      effect: t('flags.page.killTitle', { flag, environment }),
      confirmLabel: t('flags.page.killNow'),
      done: t('flags.done.off', { flag, environment }),
      onSend: () => {
        expectation.current = matrix.expect(flag, production.key, { enabled: false });
      },
      send: (options) => setEnabled({ project, flag, environment: production.key }, false, options),
    }).then((outcome) =>
      outcome.kind === 'done' ? expectation.current?.confirm(outcome.answer.changeId) : expectation.current?.drop(),
    );
  };
  const barred = offline ?? idle;
  return (
    <Button look={barred === null ? 'danger' : 'plain'} barred={barred} onClick={() => void kill()}>
      <OctagonX size={16} aria-hidden />
      {t('flags.page.kill')}
    </Button>
  );
}

function useArchive(flag: string, onArchived: () => void): (force: boolean) => Promise<void> {
  const { t } = useText();
  const change = useChange();
  const { key: project } = useProject();
  return async function archive(force) {
    const outcome = await change({
      direction: 'lower',
      ask: true,
      danger: true,
      effect: t('flags.page.archiveTitle', { flag }),
      details: (
        <p>
          {force && <strong>{t('flags.page.archiveAsked')}</strong>} {t('flags.page.archiveText')}
        </p>
      ),
      confirmLabel: force ? t('flags.page.archiveAnyway') : t('flags.page.archive'),
      done: t('flags.done.archived', { flag }),
      send: (options) => archiveFlag({ project, flag, force, options }),
      onRefused: (error) => !force && codeOf(error) === 'STILL_EVALUATED',
    });
    if (outcome.kind === 'done') onArchived();
    if (outcome.kind === 'refused' && !force && codeOf(outcome.error) === 'STILL_EVALUATED') await archive(true);
  };
}
