/** A project as stored; deleted ones are kept for the history and not read here. */
export interface ProjectRow {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface ProjectReads {
  /** By key. */
  list(): Promise<ProjectRow[]>;
  byKey(key: string): Promise<ProjectRow | undefined>;
}

export interface ProjectStore extends ProjectReads {
  /** Reads a project and keeps every other writer of it waiting until this transaction ends. */
  lock(key: string): Promise<ProjectRow | undefined>;
  insert(row: ProjectRow): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  delete(id: string, at: number): Promise<void>;
}
