import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { AppearanceContext } from '../lib/appearance-context.ts';
import { useStore } from '../lib/external-store.ts';
import { changeLanguage } from '../lib/i18n/i18n.ts';
import { createAppRouter } from './router.tsx';
import type { Services } from './services.ts';

export function App({ services }: { readonly services: Services }) {
  const [router] = useState(() => createAppRouter(services));
  const { language } = useStore(services.appearance);
  useEffect(() => services.appearance.follow(), [services]);
  useEffect(() => void changeLanguage(language), [language]);
  return (
    <AppearanceContext value={services.appearance}>
      <QueryClientProvider client={services.queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </AppearanceContext>
  );
}
