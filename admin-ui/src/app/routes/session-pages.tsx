import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { keepLink, keptLink, readLink } from '../../features/session/one-time-link.ts';
import { ResetPassword } from '../../features/session/reset-password.tsx';
import { SetUp } from '../../features/session/set-up.tsx';
import { SignIn } from '../../features/session/sign-in.tsx';

const login = getRouteApi('/login');

export function LoginPage() {
  const { next, expired } = login.useSearch();
  const router = useRouter();
  return <SignIn expired={expired === true} onDone={() => router.history.push(next ?? '/')} />;
}

/** Where links that work once lead: the first account, or a new password. */
export function SetUpPage() {
  const router = useRouter();
  const [link, setLink] = useState(() => readLink(location) ?? keptLink());
  useEffect(() => {
    // A link that is pasted while the page is open changes the fragment and loads nothing.
    const take = (): void => {
      const pasted = readLink(location);
      if (pasted !== null) {
        setLink(pasted);
        keepLink(pasted);
      }
      // A secret does not belong in the address bar, where it would be copied and remembered.
      history.replaceState(history.state, '', '/setup');
    };
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  const forget = (): void => keepLink(null);
  const done = (): void => {
    forget();
    router.history.push('/');
  };
  if (link?.kind === 'reset') {
    return <ResetPassword key={link.token} {...link} onUsed={forget} onDone={done} />;
  }
  return <SetUp key={link?.token} token={link?.token ?? null} onUsed={forget} onDone={done} />;
}
