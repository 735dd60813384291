import { CopyButton } from './copy-button.tsx';
import style from './code-block.module.css';

interface CodeBlockProps {
  readonly label: string;
  readonly code: string;
  /** Break long lines, for what is one word. */
  readonly wrap?: boolean;
  readonly onCopied?: () => void;
}

/** Text to be copied as it is; scrolls sideways, also by keyboard. */
export function CodeBlock({ label, code, wrap, onCopied }: CodeBlockProps) {
  return (
    <div className={style.block} data-wrap={wrap}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} role="region" aria-label={label} lang="en">
        <code>{code}</code>
      </pre>
      <div className={style.copy}>
        <CopyButton text={code} onCopied={onCopied} />
      </div>
    </div>
  );
}
