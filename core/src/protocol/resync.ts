/** The client cannot apply what it got and asks for a fresh answer; `have` is its version, 0 for none. */
export interface Resync {
  readonly type: 'resync';
  readonly have: number;
  readonly reason: 'gap' | 'digest';
  readonly cursor?: string | undefined;
}
