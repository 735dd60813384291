import type { Receipts } from '@dimmer/core/api';
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { environmentNameOf } from '../lib/environment-words.ts';
import { useText, type Text } from '../lib/i18n/i18n.ts';
import { useProject } from '../lib/project-context.ts';
import style from './receipt-line.module.css';

interface ReceiptLineProps {
  readonly environment: string;
  readonly version: number;
  /** Known already, for a version of the past. */
  readonly known?: Receipts | undefined;
  /** Tell screen readers how it ended: once, not at every tick. */
  readonly announce?: boolean;
}

type Phase = 'waiting' | 'counting' | 'done' | 'late' | 'nobody' | 'unknown';

/** After this, whoever has not applied a version is named. */
const LATE_MS = 5_000;
const NAMED = 5;

/** How many instances evaluate with a version: counted while it spreads, and as it stood afterwards. */
export function ReceiptLine({ environment, version, known, announce }: ReceiptLineProps) {
  const text = useText();
  const { key: project, receipts: store, environments } = useProject();
  const told = useSyncExternalStore(
    useCallback((listener) => store.subscribe(environment, version, listener), [store, environment, version]),
    () => store.get(environment, version),
  );
  const receipts = told ?? known;
  const late = useLate(receipts);
  const phase = phaseOf(receipts, late);
  const sentence = words(text, phase, receipts, version, environmentNameOf(text, environments, environment));
  return (
    <div
      className={style.line}
      data-phase={phase}
      data-doubt={isDoubtful(receipts)}
      title={percentiles(text, receipts)}
    >
      <span className={style.bar} aria-hidden="true">
        <span style={{ width: `${share(receipts)}%` }} />
      </span>
      <span className={style.words}>
        {sentence}{' '}
        {phase === 'late' && (
          <Link to="/p/$project/connections" params={{ project }} search={{ env: environment, state: 'behind' }}>
            {text.t('receipt.who')}
          </Link>
        )}
      </span>
      {announce === true && (
        <span className="hidden" role="status">
          {phase === 'done' || phase === 'late' || phase === 'nobody' ? sentence : ''}
        </span>
      )}
    </div>
  );
}

function useLate(receipts: Receipts | undefined): boolean {
  const [late, setLate] = useState(false);
  const open = receipts === undefined || !receipts.complete;
  useEffect(() => {
    if (!open) return undefined;
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => clearTimeout(timer);
  }, [open]);
  return open && late;
}

function phaseOf(receipts: Receipts | undefined, late: boolean): Phase {
  if (receipts === undefined) return late ? 'unknown' : 'waiting';
  if (receipts.state === 'unknown') return 'unknown';
  if (receipts.instances === 0) return 'nobody';
  if (receipts.complete) return 'done';
  return late ? 'late' : 'counting';
}

function share(receipts: Receipts | undefined): number {
  if (receipts === undefined || receipts.state === 'unknown') return 0;
  if (receipts.complete) return 100;
  return (100 * (receipts.applied + receipts.gone + receipts.unaffected)) / Math.max(1, receipts.instances);
}

function words(text: Text, phase: Phase, receipts: Receipts | undefined, version: number, environment: string): string {
  const { t, format } = text;
  const { applied = 0, unaffected = 0, instances = 0, gone = 0 } = receipts ?? {};
  const [current, total] = [applied + unaffected, unaffected > 0 ? instances - gone : instances];
  const numbers = {
    version,
    environment,
    applied: format.number(applied),
    current: format.number(current),
    same: format.number(unaffected),
    total: format.number(total),
    ms: format.number(receipts?.p99Ms ?? 0),
  };
  const more = receipts === undefined ? [] : extras(text, receipts);
  const sentence = (...parts: readonly string[]): string =>
    [...parts, ...(more.length > 0 ? [more.join(' ')] : [])].join(t('receipt.join'));
  const sentences: Readonly<Record<Phase, () => string>> = {
    waiting: () => '…',
    unknown: () => t('receipt.unknown'),
    nobody: () => sentence(t('receipt.nobody', numbers)),
    counting: () => t(current === 0 ? 'receipt.sending' : 'receipt.counting', { ...numbers, applied: numbers.current }),
    late: () =>
      sentence(
        t(unaffected > 0 ? 'receipt.samePart' : 'receipt.late', numbers),
        t('receipt.notYet', { names: names(text, receipts) }),
      ),
    done() {
      if (unaffected > 0 && current >= total) return sentence(t('receipt.same', { ...numbers, count: total }));
      if (unaffected > 0) return sentence(t('receipt.samePart', numbers));
      const timed = receipts?.p99Ms !== null && receipts?.p99Ms !== undefined;
      const allOfOne = total === 1 && applied === 1;
      return sentence(
        timed ? t('receipt.done', { ...numbers, count: allOfOne ? 1 : 2 }) : t('receipt.doneUntimed', numbers),
      );
    },
  };
  return sentences[phase]();
}

/** All that are connected have it, and there may be some that are not. */
function isDoubtful(receipts: Receipts | undefined): boolean {
  return receipts?.away !== undefined || receipts?.restartedMsAgo !== undefined;
}

function extras({ t, format }: Text, receipts: Receipts): readonly string[] {
  const { instances, gone, polling, away = 0, restartedMsAgo } = receipts;
  const entries = [
    // Those that left are among those that are away.
    ['receipt.gone', away >= gone ? 0 : gone],
    ['receipt.polling', polling],
  ] as const;
  const connected = format.number(instances - gone);
  return [
    ...entries.filter(([, n]) => n > 0).map(([key, n]) => t(key, { count: n, n: format.number(n) })),
    ...(away > 0 ? [t('receipt.away', { count: away, n: format.number(away), connected })] : []),
    ...(restartedMsAgo === undefined
      ? []
      : [t('receipt.restarted', { seconds: format.number(Math.max(1, Math.round(restartedMsAgo / 1000))) })]),
  ];
}

function names({ format }: Text, receipts: Receipts | undefined): string {
  const late = receipts?.late ?? [];
  const shown = late.slice(0, NAMED).map((instance) => instance.instanceId);
  return format.list(late.length > NAMED ? [...shown, `+${late.length - NAMED}`] : shown);
}

function percentiles({ t, format }: Text, receipts: Receipts | undefined): string | undefined {
  if (receipts === undefined || receipts.p50Ms === null || receipts.p99Ms === null) return undefined;
  return t('receipt.percentiles', { p50: format.number(receipts.p50Ms), p99: format.number(receipts.p99Ms) });
}
