import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useText } from '../../lib/i18n/i18n.ts';
import { codeOf, problemWords } from '../../lib/problem-words.ts';
import { queryKeys } from '../../lib/query-keys.ts';
import { ProblemError } from '../../lib/http.ts';
import { setUpStateQuery } from './api/get-set-up-state.ts';
import { signIn } from './api/sign-in.ts';
import { CredentialsForm } from './credentials-form.tsx';
import { SessionFrame } from './session-frame.tsx';
import style from './session.module.css';

interface SignInProps {
  /** A session was there and has ended. */
  readonly expired: boolean;
  readonly onDone: () => void;
}

export function SignIn({ expired, onDone }: SignInProps) {
  const { t } = useText();
  const client = useQueryClient();
  const { data: setUp } = useQuery(setUpStateQuery);
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      client.setQueryData(queryKeys.session, session);
      onDone();
    },
  });
  const wrong =
    attempt.error instanceof ProblemError &&
    [401, 422].includes(attempt.error.problem.status) &&
    codeOf(attempt.error) !== 'TOO_MANY_REQUESTS';
  const error = attempt.error === null ? undefined : wrong ? t('session.signIn.wrong') : problemWords(t, attempt.error);
  return (
    <SessionFrame title={t('session.signIn.title')} lead={expired ? t('session.signIn.expired') : undefined}>
      <CredentialsForm
        submitLabel={t('session.signIn.submit')}
        newPassword={false}
        busy={attempt.isPending}
        error={error}
        onSubmit={(credentials) => attempt.mutate(credentials)}
      >
        {wrong && setUp?.needed !== true && <p className={style.hint}>{t('session.signIn.forgotten')}</p>}
        {setUp?.needed === true && <p className={style.hint}>{t('session.signIn.hint')}</p>}
      </CredentialsForm>
    </SessionFrame>
  );
}
