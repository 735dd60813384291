/** One kind of failure, and what Dimmer does then. */
export interface Row {
  readonly id: number;
  /** What goes wrong. */
  readonly fault: string;
  /** What holds nevertheless. */
  readonly expected: string;
  /** Why no test can say so yet. A release has none of these. */
  readonly pending?: string;
  /** Why this cannot happen here. */
  readonly notApplicable?: string;
}

/** Every failure that is looked at. A test belongs to the row whose number its title begins with: `fault 12: …`. */
export const ROWS: readonly Row[] = [
  row(
    1,
    'the server is killed while it writes',
    'acknowledged changes are there and whole, the log ends at the counter',
  ),
  row(2, 'the server is killed in the middle of a broadcast', 'SDKs resume, none misses the version'),
  row(3, 'the server is killed between a commit and telling of it', 'the change arrives when it is back'),
  row(4, 'PostgreSQL is killed', 'the API answers 503 with a time to come again, SDKs keep serving, streams stay'),
  row(5, 'PostgreSQL stops for 30 s', 'requests end after 3 s, nothing piles up'),
  row(6, 'a notification of the database is lost', 'the change arrives by polling within 1.2 s'),
  row(7, 'the listening connection of the database ends', 'it listens again, then reads: nothing is lost'),
  row(8, 'notifications come twice or in another order', 'no SDK sees a version twice'),
  row(9, 'the server stops for a minute', 'SDKs are stale and answer, and end at the head'),
  row(10, 'a connection is gone without a word', 'both sides notice after three heartbeats'),
  row(11, 'nothing arrives at a client any more', 'the server misses its receipt and ends the connection'),
  row(
    12,
    'a client reads 1 KiB a second',
    'it gets the last state instead of every change; nobody else waits, memory is bounded',
  ),
  row(13, 'a client never reads', 'it is cut off, its memory is let go'),
  row(14, '10,000 clients reconnect at once', 'all are back within the longest delay and 5 s'),
  row(15, 'they come to a cold server', 'it admits so many a second, tells the others when to come, and they obey'),
  row(16, 'a client reconnects in a loop', 'the share of its key is used up, that of others is not'),
  row(17, 'three replicas restart one by one under load', 'no error, nothing older than a second, no default served'),
  row(18, 'the other side is of another release', 'unknown messages and fields are ignored'),
  row(19, 'connections are shared out unevenly', 'even within 20 % after one age of connections'),
  row(20, 'two replicas edit one flag at once', 'one succeeds, one is refused by its precondition'),
  row(21, 'one idempotency key, fifty requests at once', 'one change, one answer; 422 for another body'),
  row(22, 'the answer to a write is lost', 'repeated, it is answered again and done once'),
  row(23, 'a back-up is restored', 'another epoch; SDKs take the lower version once'),
  row(24, 'a database file is put back by copying', 'it is served as it is, to SDKs that were ahead too'),
  row(25, 'the same, and written to beyond what SDKs hold', 'the digest tells the histories apart'),
  row(26, 'the disk is full', 'writes are refused, reads and streams go on, room is all it takes'),
  row(27, 'the disk of an SDK is full', 'one warning; evaluations do not notice'),
  row(28, 'a cache file is cut off, at any byte', 'it is not used, nothing throws'),
  row(29, 'a cache file is of another key or format, or zeros', 'it is not used'),
  row(30, 'an SDK is killed while it writes its cache', 'the old file or the new one'),
  row(31, 'the cache directory cannot be written', 'the SDK works without'),
  row(32, 'frames break the WebSocket protocol', 'their connection ends with the right code, the process lives'),
  row(33, 'a message of the server is damaged', 'it is not served; the SDK resumes from the last good state'),
  row(34, 'a message to the server is too large', '1009, before it is there'),
  row(35, 'a message comes in endless pieces', 'the connection ends, memory stays'),
  row(36, 'connections say nothing', 'they end in time and keep nobody out'),
  row(37, 'clocks jump by a day', 'no connection and no change is lost'),
  row(38, 'the clocks of replicas differ by 10 minutes', 'the order is that of versions'),
  row(39, 'a delta arrives twice', 'it is applied once'),
  row(40, 'a delta is lost', 'noticed at the next, put right by one question'),
  row(41, 'deltas arrive in another order', 'the same state in the end'),
  row(42, 'an SDK ends between taking a change and keeping it', 'it resumes from what it had kept'),
  row(43, 'the application computes for 5 s', 'its connection is found alive'),
  row(44, 'the server works on a very large change', 'heartbeats go on'),
  row(45, 'the server has 256 MB for 10,000 clients', 'it stays up'),
  row(46, 'the server may open no more files', 'existing streams live, others come when there is room'),
  row(47, 'a migration fails half way', 'the new release does not start, the old one runs on'),
  row(48, 'two servers on one SQLite file', 'the second refuses, and says why'),
  row(49, 'a page of the database is damaged', 'the doctor finds it; no write goes on top of it'),
  row(50, 'the upstream of an edge is lost', 'the edge serves what it has, tells its age, resumes'),
  row(51, 'clients come from a little and from far behind', 'a delta or a snapshot, by size'),
  row(52, 'one change of 5,000 flags', 'one version, whole'),
  row(53, 'a rule that would harm an evaluator', 'refused; one that got in harms only its own flag'),
  row(54, 'an SDK starts without a server', 'from its cache at once; else defaults in time'),
  row(55, 'the identity provider is down', 'signing in works again without a restart', {
    notApplicable: 'people sign in with a password, there is no identity provider',
  }),
];

function row(id: number, fault: string, expected: string, more: Pick<Row, 'pending' | 'notApplicable'> = {}): Row {
  return { id, fault, expected, ...more };
}

/** The rows that a test's title says it is about. */
export function rowsOf(title: string): readonly number[] {
  const [about = ''] = title.split(':', 1);
  return [...about.matchAll(/fault (\d+)/g)].map(([, id]) => Number(id));
}
