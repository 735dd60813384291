/** What the page asks of either SDK: on the server for the visitor of the request, in the browser for whoever looks. */
export interface Flags {
  isEnabled(key: string): boolean;
  value(key: string, fallback: string): string;
}

/** The words of the page that depend on flags, by the id of the element they are in. */
export type Words = Readonly<Record<'banner' | 'checkout', string>>;

/** Used by the server and by the browser, so that both write the same. */
export function words(flags: Flags): Words {
  return {
    banner: flags.value('banner', 'Welcome to the shop'),
    checkout: flags.isEnabled('new-checkout') ? 'Buy now, on one page' : 'Go to the checkout',
  };
}
