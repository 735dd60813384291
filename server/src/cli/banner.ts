/** What the start-up block says. */
export interface Banner {
  readonly version: string;
  /** Where people reach the server. */
  readonly publicUrl: string;
  /** Address and port of the socket. */
  readonly listening: string;
  readonly database: string;
  /** On a database without an owner. */
  readonly setUpUrl?: string;
  readonly lampWallUrl?: string;
}

/** The one readable block that `dimmer serve` prints when it is ready. */
export function describeStart(banner: Banner): string {
  return block(`Dimmer ${banner.version}`, [
    ['Set up', banner.setUpUrl && `${banner.setUpUrl}\n               makes the owner account, once`],
    ['Admin UI', banner.publicUrl],
    ['Lamp wall', banner.lampWallUrl],
    ['API docs', `${banner.publicUrl}/api/docs`],
    ['Database', banner.database],
    ['Listening', banner.listening],
  ]);
}

/** What the start-up block of an edge says. */
export interface EdgeBanner {
  readonly version: string;
  readonly upstream: string;
  /** What there is to serve. */
  readonly serving: string;
  readonly data: string;
  readonly listening: string;
}

/** The same for `dimmer edge`. */
export function describeEdgeStart(banner: EdgeBanner): string {
  return block(`Dimmer ${banner.version}, an edge`, [
    ['Upstream', banner.upstream],
    ['Serving', banner.serving],
    ['Data', banner.data],
    ['Listening', banner.listening],
  ]);
}

function block(title: string, lines: readonly (readonly [label: string, text: string | undefined])[]): string {
  const shown = lines.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(11)}  ${text}`]));
  return ['', `  ${title}`, '', ...shown, '', '  Ctrl-C stops it.', ''].join('\n');
}
