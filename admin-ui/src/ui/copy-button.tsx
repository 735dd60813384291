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
    <>
      <Button
        size="small"
        onClick={() =>
          void copy(text).then((done) => {
            if (!done) return;
            setCopied(true);
            onCopied?.();
          })
        }
      >
        {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        <span>{copied ? t('copied') : (label ?? t('copy'))}</span>
      </Button>
      {/* Inside the button it would take the button's name away. */}
      <span className="hidden" role="status">
        {copied ? t('copied') : ''}
      </span>
    </>
  );
}

/** The clipboard API is missing on pages served without TLS, and may be forbidden; a selection works there too. */
async function copy(text: string): Promise<boolean> {
  const clipboard: Clipboard | undefined = navigator.clipboard;
  const written = await clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  return (written ?? false) || copySelected(text);
}

function copySelected(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  // A dialog keeps the focus inside.
  const place = document.activeElement?.closest('[role=dialog]') ?? document.body;
  place.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
