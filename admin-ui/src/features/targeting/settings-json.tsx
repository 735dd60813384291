import type { Settings } from '@dimmer/core/api';
import { useState } from 'react';
import type { Rule } from '@dimmer/core/model';
import { AUDIENCE_RULE, ownRules, same } from '../../lib/exposure.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { trusted } from '../../lib/trusted.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { preview, type Draft } from './draft.ts';
import type { DraftHandle } from './use-draft.ts';
import style from './rule-editor.module.css';

interface SettingsJsonProps {
  readonly handle: DraftHandle;
  readonly barred: string | null;
}

/** Everything the forms cannot show. Taken over into the draft, from where it is reviewed and applied like the rest. */
export function SettingsJson({ handle, barred }: SettingsJsonProps) {
  const { t } = useText();
  const present = toSource(handle.draft);
  const [typed, setTyped] = useState<string | null>(null);
  const source = typed ?? present;
  const parsed = parse(source);
  return (
    <div className={style.group}>
      <TextArea
        mono
        rows={18}
        label={t('targeting.json.label')}
        hint={t('targeting.json.lead')}
        error={parsed === null ? t('targeting.json.shape') : undefined}
        value={source}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className={style.buttons}>
        <Button
          size="small"
          barred={barred}
          disabled={parsed === null || source === present}
          onClick={() => {
            if (parsed === null) return;
            handle.put(toPatch(handle.draft, parsed));
            setTyped(null);
          }}
        >
          {t('targeting.json.use')}
        </Button>
        {typed !== null && (
          <Button size="small" look="quiet" onClick={() => setTyped(null)}>
            {t('discard')}
          </Button>
        )}
      </div>
    </div>
  );
}

function toSource(draft: Draft): string {
  const { enabled, off, rules, default: serve } = preview(draft);
  return JSON.stringify({ enabled, off, rules, default: serve }, null, 2);
}

function parse(source: string): Settings | null {
  try {
    const value: unknown = JSON.parse(source);
    if (typeof value !== 'object' || value === null) return null;
    const settings = trusted<Settings>(value);
    const shaped = typeof settings.enabled === 'boolean' && Array.isArray(settings.rules) && 'default' in settings;
    return shaped && Object.keys(settings).length === 4 && 'off' in settings ? settings : null;
  } catch {
    return null;
  }
}

/** Only what differs, so that a rollout stays one as long as nobody writes another `default`. */
function toPatch(draft: Draft, settings: Settings): Partial<Omit<Draft, 'base'>> {
  const now = preview(draft);
  const audience = audienceOf(settings.rules);
  return {
    ...(now.rollout !== null && !same(audience, now.rollout.audience) && { rollout: { ...now.rollout, audience } }),
    ...(settings.enabled !== now.enabled && { enabled: settings.enabled }),
    ...(settings.off !== now.off && { off: settings.off }),
    ...(!same(settings.rules, now.rules) && { rules: ownRules(settings.rules) }),
    ...(!same(settings.default, now.default) && { default: settings.default }),
  };
}

function audienceOf(rules: readonly Rule[]): readonly string[] {
  const condition = rules.find(({ id }) => id === AUDIENCE_RULE)?.if;
  if (condition === undefined) return [];
  const parts = 'any' in condition ? condition.any : [condition];
  return parts.flatMap((part) => ('segment' in part ? [part.segment] : []));
}
