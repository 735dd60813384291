import type { WallState } from '../wall-state.ts';

/** Follows the wall. The browser reconnects by itself; each connection begins with the whole state. */
export function followWall(onState: (state: WallState) => void, onConnection: (connected: boolean) => void): void {
  const source = new EventSource('/feed');
  source.addEventListener('open', () => onConnection(true));
  source.addEventListener('error', () => onConnection(false));
  source.addEventListener('wall', (event: MessageEvent<string>) => {
    const state: WallState = JSON.parse(event.data);
    onState(state);
  });
}
