/** Refusals of the API by their code. What is not here is shown as the server worded it. */
export const problems = {
  unreachable: 'The server does not answer.',
  unknown: 'That did not work.',
  UNAUTHENTICATED: 'You are not signed in.',
  FORBIDDEN: 'Your role does not allow this.',
  NOT_FOUND: 'It does not exist (any more).',
  INVALID_INPUT: 'The server does not accept this:',
  CONFIRMATION_NEEDED: 'This needs to be confirmed by typing the name of the environment.',
  WOULD_MOVE_USERS: 'This would move users: what is served now is not a gradual rollout.',
  STILL_EVALUATED: 'It was asked for in the last 7 days.',
  ARCHIVED: 'An archived flag has this key. Restore it, or choose another.',
  ALREADY_EXISTS: 'There is one with this key already.',
  PRECONDITION_FAILED: 'Somebody else changed it meanwhile.',
  REVERT_CONFLICT: 'It was changed again since.',
  IN_USE: 'It is still in use.',
  TOO_LARGE: 'It is too large.',
  TOO_MANY_REQUESTS: 'Too many attempts. Wait a little.',
} as const;
