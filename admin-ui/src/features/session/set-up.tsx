import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { fieldWords } from '../../lib/field-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { ProblemError } from '../../lib/http.ts';
import { fieldErrorsOf, problemWords } from '../../lib/problem-words.ts';
import { queryKeys } from '../../lib/query-keys.ts';
import type { T } from '../../lib/i18n/i18n.ts';
import { setUp } from './api/set-up.ts';
import { CredentialsForm } from './credentials-form.tsx';
import { SessionFrame } from './session-frame.tsx';
import style from './session.module.css';

interface SetUpProps {
  /** From the one-time link; null when the page was opened without it. */
  readonly token: string | null;
  /** The link is of no use any more. */
  readonly onUsed: () => void;
  readonly onDone: () => void;
}

export function SetUp({ token, onUsed, onDone }: SetUpProps) {
  const { t } = useText();
  const client = useQueryClient();
  const attempt = useMutation({
    mutationFn: setUp,
    onError: (error) => isUsed(error) && onUsed(),
    onSuccess: (session) => {
      client.setQueryData(queryKeys.session, session);
      onDone();
    },
  });
  if (token === null) {
    return (
      <SessionFrame title={t('session.setUp.title')} lead={t('session.setUp.missing')}>
        <Link to="/login">{t('session.setUp.toSignIn')}</Link>
      </SessionFrame>
    );
  }
  return (
    <SessionFrame title={t('session.setUp.title')} lead={t('session.setUp.lead')}>
      <CredentialsForm
        submitLabel={t('session.setUp.submit')}
        newPassword
        busy={attempt.isPending}
        emailError={fieldWords(t, attempt.error, 'email')}
        passwordError={fieldWords(t, attempt.error, 'password')}
        error={refusal(t, attempt.error)}
        onSubmit={(credentials) => attempt.mutate({ token, ...credentials })}
      >
        {isUsed(attempt.error) && (
          <p className={style.hint}>
            <Link to="/login">{t('session.setUp.toSignIn')}</Link>
          </p>
        )}
      </CredentialsForm>
    </SessionFrame>
  );
}

function isUsed(error: unknown): boolean {
  return error instanceof ProblemError && [401, 403, 404, 409, 410].includes(error.problem.status);
}

function refusal(t: T, error: unknown): string | undefined {
  if (error === null) return undefined;
  if (isUsed(error)) return t('session.setUp.used');
  const atFields = fieldErrorsOf(error).some(({ path }) => path === '/email' || path === '/password');
  return atFields ? undefined : problemWords(t, error);
}
