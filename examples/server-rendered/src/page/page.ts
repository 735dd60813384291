import { createClient, type Bootstrap } from '@dimmer/sdk-browser';
import { words } from '../words.ts';

declare global {
  interface Window {
    /** Written into the page by the server, with `bootstrapScript`. */
    readonly dimmerBootstrap?: Bootstrap | null;
  }
}

const { dimmerUrl = '', clientKey = '', user = '' } = document.documentElement.dataset;

const dimmer = createClient({
  url: dimmerUrl,
  key: clientKey,
  // The same context as on the server: else the bootstrap would be for somebody else, and not be used.
  context: { targetingKey: user },
  bootstrap: window.dimmerBootstrap,
});

function render(): void {
  for (const [id, text] of Object.entries(words(dimmer))) {
    const element = document.getElementById(id);
    if (element && element.textContent !== text) element.textContent = text;
  }
}

render();
dimmer.on('change', render);
dimmer.on('status', ({ state }) => {
  document.documentElement.dataset['dimmer'] = state;
});
