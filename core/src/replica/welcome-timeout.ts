/** Time an attempt has from its start to `welcome`. */
export const WELCOME_TIMEOUT_MS = 10_000;
