import type { Environment, WriteAnswer, WriteOptions } from '@dimmer/core/api';
import { lazy, Suspense, useCallback, useState, type ReactNode } from 'react';
import { ChangeContext, type Change, type ChangeOutcome, type ChangeRequest } from '../lib/change-context.ts';
import { useText } from '../lib/i18n/i18n.ts';
import type { Notices } from '../lib/notices.ts';
import { codeOf, fieldError, problemWords } from '../lib/problem-words.ts';
import { useProject } from '../lib/project-context.ts';
import { revertChange } from '../lib/revert.ts';
import type { Confirmation } from '../ui/confirm-dialog.tsx';
import { ReceiptLine } from '../ui/receipt-line.tsx';

const ConfirmDialog = lazy(() => import('../ui/confirm-dialog.tsx').then((m) => ({ default: m.ConfirmDialog })));

/** A question that is on screen. */
interface Question {
  readonly request: ChangeRequest;
  readonly environment: Environment | undefined;
  readonly word: string | null;
  readonly comment: string | undefined;
  readonly answer: (confirmation: Confirmation | null) => void;
}

/** The one way from "asked for" to "seen to land": confirm, send, receipt, undo. */
export function ChangeProvider({ notices, children }: { readonly notices: Notices; readonly children: ReactNode }) {
  const { t } = useText();
  const [question, setQuestion] = useState<Question | null>(null);
  const change = useChangeFlow(notices, setQuestion);
  return (
    <ChangeContext value={change}>
      {children}
      {question !== null && (
        <Suspense>
          <ConfirmDialog
            title={question.request.effect}
            details={question.request.details}
            environment={question.environment}
            word={question.word}
            note={question.comment}
            lowers={question.request.direction === 'lower'}
            confirmLabel={question.request.confirmLabel ?? t('apply')}
            danger={question.request.danger}
            onConfirm={question.answer}
            onClose={() => question.answer(null)}
          />
        </Suspense>
      )}
    </ChangeContext>
  );
}

function useChangeFlow(notices: Notices, setQuestion: (question: Question | null) => void): Change {
  const { t } = useText();
  const { key: project, environments } = useProject();

  const ask = useCallback(
    (request: ChangeRequest, word: string | null, comment?: string): Promise<Confirmation | null> =>
      new Promise((resolve) => {
        setQuestion({
          request,
          environment: request.environment ?? environments.find(({ key }) => key === word && key !== request.word),
          word,
          comment,
          answer(confirmation) {
            setQuestion(null);
            resolve(confirmation);
          },
        });
      }),
    [environments, setQuestion],
  );

  return useCallback(
    async function change(request: ChangeRequest): Promise<ChangeOutcome> {
      const outcome = await confirmAndSend(request, ask);
      if (outcome.kind === 'refused' && request.onRefused?.(outcome.error) !== true) {
        notices.show({
          tone: 'failed',
          text: t('colon', { before: request.effect, after: problemWords(t, outcome.error) }),
          action: { label: t('retry'), run: () => void change({ ...request, comment: outcome.comment }) },
        });
      }
      if (outcome.kind === 'done') {
        const { changeId } = outcome.answer;
        const undo = (id: string): void => {
          void change({
            environment: request.environment,
            direction: 'keep',
            effect: t('colon', { before: t('undo'), after: request.done }),
            done: t('notice.undone'),
            undo: false,
            send: (options) => revertChange(project, id, options),
          });
        };
        notices.show({
          tone: changeId === null ? 'info' : 'done',
          text: changeId === null ? t('notice.unchanged') : request.done,
          details: receiptsOf(outcome.answer),
          ...(changeId !== null &&
            request.undo !== false && { action: { label: t('undo'), run: () => undo(changeId) } }),
        });
      }
      return outcome;
    },
    [ask, notices, project, t],
  );
}

type Ask = (request: ChangeRequest, word: string | null, comment?: string) => Promise<Confirmation | null>;

/** Protection asks beforehand; where the server asks for more than was foreseen, it is asked for then. */
async function confirmAndSend(request: ChangeRequest, ask: Ask): Promise<ChangeOutcome> {
  const protectedKey = request.environment?.protected === true ? request.environment.key : null;
  const word = request.word ?? (request.direction === 'raise' ? protectedKey : null);
  let options: WriteOptions = {};
  if (request.ask === true || word !== null || (protectedKey !== null && request.direction !== 'keep')) {
    const confirmation = await ask(request, word, request.comment);
    if (confirmation === null) return { kind: 'cancelled' };
    options = confirmation;
  }
  request.onSend?.();
  const outcome = await sendOnce(request, options);
  const wanted = outcome.kind === 'refused' ? wantedWord(outcome.error) : null;
  if (wanted === null || wanted === options.confirm) return outcome;
  // What was typed as a note is not asked for again.
  const confirmation = await ask(request, wanted, options.comment);
  return confirmation === null ? { kind: 'cancelled' } : sendOnce(request, { ...options, ...confirmation });
}

async function sendOnce(request: ChangeRequest, options: WriteOptions): Promise<ChangeOutcome> {
  try {
    return { kind: 'done', answer: await request.send(options) };
  } catch (error) {
    return { kind: 'refused', error, comment: options.comment };
  }
}

/** What the server wants typed: one environment's key, or several with commas between them. */
function wantedWord(error: unknown): string | null {
  if (codeOf(error) !== 'CONFIRMATION_NEEDED') return null;
  return /"(.+)"/.exec(fieldError(error, 'confirm') ?? '')?.[1] ?? null;
}

function receiptsOf({ versions }: WriteAnswer): ReactNode {
  return Object.entries(versions).map(([environment, version]) => (
    <ReceiptLine key={environment} environment={environment} version={version} announce />
  ));
}
