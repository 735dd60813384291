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
  const [token] = useState(readToken);
  // A secret does not belong in the address bar, where it would be copied and remembered.
  useEffect(() => history.replaceState(history.state, '', '/setup'), []);
  return <SetUp token={token} onDone={() => router.history.push('/')} />;
}

function readToken(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? new URLSearchParams(location.search).get('token');
}
