import { useState, type ReactNode } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import style from './access.module.css';

interface SecretDialogProps {
  readonly title: string;
  readonly label: string;
  readonly secret: string;
  /** Below the secret; a copy of it counts as well. */
  readonly children?: (onCopied: () => void) => ReactNode;
  readonly onClose: () => void;
}

/** A secret that is shown once. It closes by Escape once it was copied; before that it asks. */
export function SecretDialog({ title, label, secret, children, onClose }: SecretDialogProps) {
  const { t } = useText();
  const [copied, setCopied] = useState(false);
  const [asking, setAsking] = useState(false);
  const onCopied = (): void => {
    setCopied(true);
    setAsking(false);
  };
  return (
    <Dialog title={title} lead={t('access.secretText')} onClose={copied ? onClose : () => setAsking(true)}>
      <CodeBlock label={label} code={secret} wrap onCopied={onCopied} />
      {children?.(onCopied)}
      {asking && (
        <p className={style.error} role="alert">
          {t('access.secretLost')}
        </p>
      )}
      <DialogActions>
        {asking && <Button onClick={onClose}>{t('access.secretLeave')}</Button>}
        <Button look="primary" onClick={onClose}>
          {t('access.secretDone')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
