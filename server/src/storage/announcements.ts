/**
 * What several servers on one database tell each other: texts in one sequence, numbered without gaps in the order of
 * commits. A server tells its own at once, after all that came before them.
 */
export interface Announcements {
  /**
   * Notes where the sequence stands. What is announced after that will be told, in order, each once: what a server
   * reads of the database from now on is therefore complete or completed.
   */
  follow(listener: AnnouncementListener): Promise<Following>;
}

/** What hears the announcements of other servers. */
export interface AnnouncementListener {
  /** When it rejects, it is told the same again a little later. */
  heard(text: string): Promise<void>;
  /** Some were missed and cannot be read any more: everything is to be read anew. */
  lost(): Promise<void>;
}

/** A place in the sequence that moves on. */
export interface Following {
  /** Begins to tell. Ends with the storage. */
  run(): void;
  /** Tells everything that is committed by now. Rejects while the database does not answer. */
  catchUp(): Promise<void>;
}
