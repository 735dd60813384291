/** Liveness. Carries the last version sent to, or evaluated for, this socket; never an unsent head. */
export interface Heartbeat {
  readonly type: 'heartbeat';
  readonly version: number;
  readonly cursor: string;
}
