export const session = {
  signIn: {
    title: 'Sign in',
    submit: 'Sign in',
    wrong: 'E-mail or password is wrong.',
    hint: 'First start? Open the one-time link that the server printed.',
    expired: 'Your session has ended. Please sign in again.',
  },
  setUp: {
    title: 'Set up Dimmer',
    lead: 'Create the owner account. The link that brought you here works once.',
    submit: 'Create account',
    missing: 'This page needs the one-time link that the server printed when it first started.',
    used: 'This link has been used or is not valid. If the account exists, sign in.',
    toSignIn: 'To the sign-in page',
  },
  email: 'E-mail',
  password: 'Password',
  passwordHint: 'At least 8 characters. A few words in a row are easy to remember and hard to guess.',
  show: 'Show password',
  hide: 'Hide password',
} as const;
