import { Link } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { environmentNameOf } from '../../lib/environment-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { codeOf, fieldErrorsOf } from '../../lib/problem-words.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { deleteSegment } from './api/delete-segment.ts';
import style from './segments.module.css';
import { usesOf, type Use } from './uses.ts';

interface DeletionProps {
  readonly segment: string;
  readonly onDeleted: () => void;
}

/** Deletes a segment that nothing uses; else says what does, and leads there. */
export function Deletion({ segment, onDeleted }: DeletionProps) {
  const { t } = useText();
  const change = useChange();
  const { key: project } = useProject();
  const barred = useBarred();
  const [uses, setUses] = useState<readonly Use[]>([]);
  const remove = async (): Promise<void> => {
    setUses([]);
    const outcome = await change({
      direction: 'lower',
      ask: true,
      danger: true,
      effect: t('segments.deleteTitle', { segment }),
      details: <p>{t('segments.deleteText')}</p>,
      confirmLabel: t('segments.delete'),
      done: t('segments.deleted', { segment }),
      send: (options) => deleteSegment(project, segment, options),
      onRefused(refusal) {
        const found = codeOf(refusal) === 'IN_USE' ? usesOf(fieldErrorsOf(refusal)) : [];
        setUses(found);
        return found.length > 0;
      },
    });
    if (outcome.kind === 'done') onDeleted();
  };
  return (
    <div className={style.deletion}>
      {uses.length > 0 && <InUse segment={segment} uses={uses} />}
      <div className={style.actions}>
        <Button size="small" barred={barred} onClick={() => void remove()}>
          <Trash2 size={14} aria-hidden />
          {t('segments.delete')}
        </Button>
      </div>
    </div>
  );
}

/** Each use as a link to where it can be taken away. */
function InUse({ segment, uses }: { readonly segment: string; readonly uses: readonly Use[] }) {
  const text = useText();
  const { t, format } = text;
  const { key: project, environments } = useProject();
  return (
    <div className={style.inUse} role="alert">
      <p>{t('segments.inUse', { segment })}</p>
      <ul>
        {uses.map(({ kind, key, environments: keys }) => {
          const where = format.list(keys.map((known) => environmentNameOf(text, environments, known)));
          const [env] = keys;
          const link =
            kind === 'flag' ? (
              <Link to="/p/$project/flags/$flag" params={{ project, flag: key }} search={{ env }}>
                {key}
              </Link>
            ) : (
              <Link to="/p/$project/segments" params={{ project }} search={{ segment: key, env }}>
                {key}
              </Link>
            );
          return (
            <li key={`${kind}/${key}`}>
              {t(`segments.use.${kind}`)} {link} ({where})
            </li>
          );
        })}
      </ul>
    </div>
  );
}
