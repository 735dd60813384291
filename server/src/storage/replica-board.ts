/**
 * Where several servers on one database tell each other what cannot be read from anywhere else: that they are there,
 * who is connected to them, and what they have counted. Nothing on it outlives the servers. All times on it are the
 * database's: the servers' own clocks may differ.
 */
export interface ReplicaBoard {
  /** Says that this server is there, and answers with all that are noted, itself included. */
  beat(beat: Beat): Promise<Roll>;
  /** Takes this server off, with its instances. */
  leave(replicaId: string): Promise<void>;
  /** Replaces what this server has counted of some versions, and rings. */
  putSpreads(replicaId: string, rows: readonly SpreadText[]): Promise<void>;
  /** What all servers have told of at least since a time; some of before that may be among it. */
  spreadsSince(time: number): Promise<readonly SpreadRow[]>;
  /** What all servers have told of one version. */
  spreadsOf(environmentId: string, version: number): Promise<readonly SpreadRow[]>;
  putInstances(replicaId: string, rows: readonly InstanceRow[]): Promise<void>;
  removeInstances(replicaId: string, rows: readonly InstanceName[]): Promise<void>;
  /** Texts of the instances at these servers. */
  instances(environmentId: string, replicaIds: readonly string[]): Promise<readonly string[]>;
  /** Which of these instances are connected to one of these servers. */
  connected(instanceIds: readonly string[], replicaIds: readonly string[]): Promise<readonly InstanceName[]>;
  /** Forgets servers that have been silent for a minute, and counts of five minutes ago. */
  prune(): Promise<void>;
  /** Hears when another server has told something; undefined when that may have been missed. */
  onRing(listener: (from: Ring | undefined) => void): void;
}

/** Why somebody rings. */
export interface Ring {
  readonly what: 'here' | 'spread';
  readonly replicaId: string;
}

/** What a server says about itself each second. */
export interface Beat {
  readonly id: string;
  readonly version: string;
  /** JSON text: how many clients it has. */
  readonly presence: string;
}

/** A server, as it is noted. */
export interface ReplicaRow extends Beat {
  /** Grows with each beat. */
  readonly beats: number;
  /** Milliseconds since its last beat. */
  readonly ageMs: number;
}

/** Who is noted. */
export interface Roll {
  readonly rows: readonly ReplicaRow[];
  /** This server was not noted until now, or not any more. */
  readonly isNew: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What a server has counted of one version, as JSON text. */
export interface SpreadText {
  readonly environmentId: string;
  readonly version: number;
  readonly count: string;
}

export interface SpreadRow extends SpreadText {
  readonly replicaId: string;
  readonly toldAt: number;
}

export interface InstanceName {
  readonly environmentId: string;
  readonly instanceId: string;
}

export interface InstanceRow extends InstanceName {
  /** Connected or polling; false for one that is gone. */
  readonly present: boolean;
  /** JSON text of the API's view. */
  readonly view: string;
}
