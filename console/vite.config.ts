import { defineConfig } from 'vite';

/** The local stack, for `npx vite console`: a page that changes as its source does. */
const STACK = 'http://127.0.0.1:8181';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  build: { target: 'es2022', modulePreload: { polyfill: false } },
  server: { proxy: { '/api': STACK, '/health': STACK, '/ws': { target: STACK, ws: true } } },
});
