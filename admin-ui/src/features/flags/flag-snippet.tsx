import type { FlagView, UsageView } from '@dimmer/core/api';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleDashed, Code } from 'lucide-react';
import { useId, useState } from 'react';
import { environmentName } from '../../lib/environment-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Card } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import style from './flag-snippet.module.css';
import { SNIPPETS } from './snippets.ts';

interface FlagSnippetProps {
  readonly flag: FlagView;
  readonly usage: Readonly<Record<string, UsageView>> | undefined;
}

/** How code asks for the flag, and whether any does yet: one line, with the code one press away. */
export function FlagSnippet({ flag, usage }: FlagSnippetProps) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const id = useId();
  const [first] = SNIPPETS;
  return (
    <Card>
      <div className={style.strip}>
        <Seen flag={flag.key} usage={usage} />
        {first !== undefined && (
          <CopyButton text={first.code(flag, location.origin)} label={t('flags.page.copySnippet')} />
        )}
        <Button size="small" look="quiet" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <Code size={14} aria-hidden />
          {t('flags.page.snippet')}
        </Button>
      </div>
      <div id={id} hidden={!open}>
        {open && <Snippets flag={flag} />}
      </div>
    </Card>
  );
}

interface SeenProps {
  readonly flag: string;
  readonly usage: FlagSnippetProps['usage'];
}

function Seen({ flag, usage }: SeenProps) {
  const text = useText();
  const { t, format } = text;
  const { environments } = useProject();
  const seen = environments.filter(({ key }) => usage?.[key]?.flags[flag] !== undefined);
  const names = format.list(seen.map((environment) => environmentName(text, environment)));
  return (
    <p className={style.seen} role="status" data-seen={seen.length > 0}>
      {seen.length > 0 ? <CircleCheck size={16} aria-hidden /> : <CircleDashed size={16} aria-hidden />}
      {seen.length > 0 ? t('flags.page.seen', { environments: names }) : t('flags.page.waiting')}
    </p>
  );
}

function Snippets({ flag }: { readonly flag: FlagView }) {
  const { t } = useText();
  const { key: project } = useProject();
  const [shown, setShown] = useState('node');
  return (
    <div className={style.snippets}>
      <Tabs
        label={t('flags.page.snippet')}
        value={shown}
        onChange={setShown}
        tabs={SNIPPETS.map(({ id, name, code }) => ({
          id,
          label: <span lang="en">{name}</span>,
          panel: <CodeBlock label={name} code={code(flag, location.origin)} />,
        }))}
      />
      <p className={style.hint}>
        {flag.clientVisible ? t('flags.page.browserOn') : t('flags.page.browserOff')}{' '}
        <Link to="/p/$project/keys" params={{ project }}>
          {t('flags.page.snippetKey')}
        </Link>
      </p>
    </div>
  );
}
