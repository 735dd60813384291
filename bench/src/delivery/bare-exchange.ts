// The reference, in a process of its own: a bare `ws` server that sends one frame to all and counts the answers,
// and a database that commits one small row with the settings of ours.
import Database from 'better-sqlite3';
import { WebSocketServer } from 'ws';
import type { FromBare, ToBare } from './messages.ts';

const database = new Database(process.argv[2] ?? ':memory:');
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec('CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL); INSERT INTO counter VALUES (1, 0)');
const increment = database.prepare('UPDATE counter SET n = n + 1 WHERE id = 1');

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, backlog: 1024 });
let answers = 0;
let onLast = (): void => {};

server.on('connection', (socket) => {
  socket.on('message', () => {
    answers += 1;
    if (answers === server.clients.size) onLast();
  });
});
server.on('listening', () => {
  const address = server.address();
  tell({ kind: 'listening', port: typeof address === 'object' && address !== null ? address.port : 0 });
});

process.on('message', (message: ToBare) => {
  const started = performance.now();
  if (message.kind === 'commit') {
    database.exec('BEGIN IMMEDIATE');
    increment.run();
    database.exec('COMMIT');
    return tell({ kind: 'took', ms: performance.now() - started });
  }
  const frame = Buffer.from(message.frame);
  answers = 0;
  onLast = () => tell({ kind: 'took', ms: performance.now() - started });
  for (const socket of server.clients) socket.send(frame, { binary: false });
});
process.on('disconnect', () => process.exit(0));

function tell(message: FromBare): void {
  process.send?.(message);
}
