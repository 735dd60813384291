import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Where `npm run dev` finds a server. */
const target = process.env['DIMMER_URL'] ?? 'http://localhost:8420';

export default defineConfig({
  base: '/',
  plugins: [react()],
  resolve: { conditions: ['@dimmer/source', ...defaultClientConditions] },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // A data: URI would need its own word in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
  },
  server: {
    // The server compares Origin with its own address, so the proxy speaks as if from there.
    proxy: { '/api': { target, ws: true, changeOrigin: true, headers: { origin: target } } },
  },
});
