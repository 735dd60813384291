import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { createServices } from './app/services.ts';
import { startI18n } from './lib/i18n/i18n.ts';
import './ui/tokens.css';
import './ui/base.css';

const services = createServices();
await startI18n(services.appearance.get().language);

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');
createRoot(root).render(
  <StrictMode>
    <App services={services} />
  </StrictMode>,
);

// Only machines without a Chinese font ever load its slices, but the list of them is long: after the first paint.
const whenIdle = globalThis.requestIdleCallback ?? ((action: () => void) => setTimeout(action, 500));
whenIdle(() => void import('@fontsource-variable/noto-sans-sc'));
