import { Archive } from 'lucide-react';
import { useChange } from '../../lib/change-context.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { restoreFlag } from './api/archive-flag.ts';
import style from './archived-banner.module.css';

interface ArchivedBannerProps {
  readonly flag: string;
}

export function ArchivedBanner({ flag }: ArchivedBannerProps) {
  const { t } = useText();
  const change = useChange();
  const { key: project } = useProject();
  const barred = useBarred();
  const restore = (): void =>
    void change({
      direction: 'keep',
      effect: `${t('flags.page.restore')}: ${flag}`,
      done: t('flags.done.created', { flag }),
      send: () => restoreFlag(project, flag),
    });
  return (
    <div className={style.banner}>
      <Archive size={18} aria-hidden />
      <p>{t('flags.page.archivedBanner')}</p>
      <Button barred={barred} onClick={restore}>
        {t('flags.page.restore')}
      </Button>
    </div>
  );
}
