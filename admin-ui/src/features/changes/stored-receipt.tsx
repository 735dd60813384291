import { useQuery } from '@tanstack/react-query';
import { environmentNameOf } from '../../lib/environment-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import { ReceiptLine } from '../../ui/receipt-line.tsx';
import { receiptsQuery } from './api/get-receipts.ts';
import style from './changes.module.css';

interface StoredReceiptProps {
  readonly environment: string;
  readonly version: number;
  /** Only the line, and only when somebody is connected. */
  readonly compact?: boolean;
}

/** Who has a version: as it is counted now, or as it stood when it was done. */
export function StoredReceipt({ environment, version, compact }: StoredReceiptProps) {
  const text = useText();
  const { key: project, environments } = useProject();
  const { data } = useQuery(receiptsQuery(project, environment, version));
  return (
    <div className={style.receipt} data-compact={compact}>
      {compact !== true && <span>{environmentNameOf(text, environments, environment)}</span>}
      <ReceiptLine environment={environment} version={version} known={data} />
    </div>
  );
}
