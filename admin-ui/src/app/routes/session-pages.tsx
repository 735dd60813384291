import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { SetUp } from '../../features/session/set-up.tsx';
import { SignIn } from '../../features/session/sign-in.tsx';

const login = getRouteApi('/login');

export function LoginPage() {
  const { next, expired } = login.useSearch();
  const router = useRouter();
  return <SignIn expired={expired === true} onDone={() => router.history.push(next ?? '/')} />;
}

export function SetUpPage() {
  const router = useRouter();
  const [token, setToken] = useState(readToken);
  useEffect(() => {
    // A secret does not belong in the address bar, where it would be copied and remembered.
    const clean = (): void => history.replaceState(history.state, '', '/setup');
    // A link that is pasted while the page is open changes the fragment and loads nothing.
    const take = (): void => {
      const pasted = readToken();
      if (pasted === null) return;
      setToken(pasted);
      clean();
    };
    clean();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return <SetUp key={token} token={token} onDone={() => router.history.push('/')} />;
}

function readToken(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? new URLSearchParams(location.search).get('token');
}
