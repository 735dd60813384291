import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Where `npm run dev` finds a server. */
const target = process.env['DIMMER_URL'] ?? 'http://localhost:8420';

interface Modules {
  getModuleInfo(id: string): { readonly isEntry: boolean; readonly importers: readonly string[] } | null;
}

/** Whether a module is imported by the entry without a dynamic import on the way; the entry keeps its own file. */
function isFirst(id: string, modules: Modules): boolean {
  if (modules.getModuleInfo(id)?.isEntry === true) return false;
  const seen = new Set([id]);
  for (const known of seen) {
    // A package's index imports all that the package has; whoever takes one name from it does not want the rest.
    if (known !== id && known.endsWith('/core/src/model/index.ts')) continue;
    const info = modules.getModuleInfo(known);
    if (info?.isEntry === true) return true;
    for (const importer of info?.importers ?? []) seen.add(importer);
  }
  return false;
}

export default defineConfig({
  base: '/',
  plugins: [react()],
  resolve: { conditions: ['@dimmer/source', ...defaultClientConditions] },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // A data: URI would need its own word in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 500,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What the first page needs comes in one piece: it compresses better, and asks once instead of thirty times.
        codeSplitting: { groups: [{ name: (id, modules) => (isFirst(id, modules) ? 'first' : null) }] },
      },
    },
  },
  server: {
    // The server compares Origin with its own address, so the proxy speaks as if from there.
    proxy: { '/api': { target, ws: true, changeOrigin: true, headers: { origin: target } } },
  },
});
