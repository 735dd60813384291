import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../lib/i18n/i18n.ts';
import { Button } from './button.tsx';

interface CopyButtonProps {
  readonly text: string;
  readonly label?: string;
  readonly onCopied?: (() => void) | undefined;
}

/** Copies a text; says so for two seconds. */
export function CopyButton({ text, label, onCopied }: CopyButtonProps) {
  const { t } = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      size="small"
      onClick={() =>
        void copy(text).then(() => {
          setCopied(true);
          onCopied?.();
        })
      }
    >
      {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      <span role="status">{copied ? t('copied') : (label ?? t('copy'))}</span>
    </Button>
  );
}

/** The clipboard API is missing on pages served without TLS; a selection in a hidden field works there too. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
