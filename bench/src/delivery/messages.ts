/** What the benchmark tells the process that holds the sockets. */
export type ToSwarm =
  /** Open so many sockets to each of both servers. */
  {
    readonly kind: 'open';
    readonly dimmer: string;
    readonly key: string;
    readonly bare: string;
    readonly sockets: number;
  };

/** What that process answers. */
export type FromSwarm =
  | { readonly kind: 'opened' }
  /** The first delta it got and the receipt it answered with: what the bare exchange is to be like. */
  | { readonly kind: 'example'; readonly frame: string; readonly receipt: string };

/** What the benchmark tells the bare server. */
export type ToBare =
  /** Send this to all sockets and count the answers. */
  | { readonly kind: 'exchange'; readonly frame: string }
  /** Commit one small row durably. */
  | { readonly kind: 'commit' };

/** What the bare server answers. */
export type FromBare =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'took'; readonly ms: number };
