// What the browser SDK needs and Node 20 lacks, so that its examples run as they are written.
import { WebSocket } from 'ws';

globalThis.WebSocket ??= WebSocket;
