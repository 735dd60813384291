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
  const lines: readonly (readonly [label: string, text: string | undefined])[] = [
    ['Set up', banner.setUpUrl && `${banner.setUpUrl}\n               makes the owner account, once`],
    ['Admin UI', banner.publicUrl],
    ['Lamp wall', banner.lampWallUrl],
    ['API docs', `${banner.publicUrl}/api/docs`],
    ['Database', banner.database],
    ['Listening', banner.listening],
  ];
  const shown = lines.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(11)}  ${text}`]));
  return ['', `  Dimmer ${banner.version}`, '', ...shown, '', '  Ctrl-C stops it.', ''].join('\n');
}
