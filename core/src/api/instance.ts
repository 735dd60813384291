/** A connected SDK instance, or one gone for less than an hour. */
export interface InstanceView {
  readonly instanceId: string;
  readonly environment: string;
  readonly kind: 'server' | 'client';
  readonly transport: 'socket' | 'polling' | 'event-stream';
  readonly sdk: string;
  readonly appVersion?: string;
  readonly address: string;
  /** Last version it is known to evaluate with; 0 before the first receipt. */
  readonly version: number;
  /** Of a browser: the version up to which its values are those of `version`, when that is a later one. */
  readonly sameUpTo?: number;
  readonly connectedAt: string;
  readonly goneAt: string | null;
  /** Of an edge: how many clients it has. */
  readonly clients?: number;
  readonly unreadable?: readonly string[];
}
