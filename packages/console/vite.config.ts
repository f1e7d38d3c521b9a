import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npx vite build packages/console`; `npx vite packages/console` serves the pages against a server on the default port. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Everything is a file of this origin: the content security policy allows neither inline scripts nor data addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
    // `npm start` shows what a build says: that a slow machine is slow is of no use there.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: 'http://127.0.0.1:8080', ws: true },
      '/sip': { target: 'http://127.0.0.1:8080', ws: true },
    },
  },
});
