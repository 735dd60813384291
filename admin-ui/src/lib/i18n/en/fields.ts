/** What is demanded of fields, where the server refuses what is in them. */
export const fields = {
  name: 'Give it a name of at most 200 characters.',
  email: 'This is not an e-mail address.',
  password: 'Use 8 to 256 characters.',
  passwordCommon: 'This is one of the first passwords anybody would try.',
  origins: 'Each line must be an origin like https://shop.example.com, without a path.',
  expiresAt: 'This must be a time to come.',
} as const;
