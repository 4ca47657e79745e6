import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { compress } from '../../scripts/compress-build.ts';

const server = process.env.ROLLCALL_SERVER ?? 'http://127.0.0.1:3000';

/** A bundle of its own: televisions run old browsers for many years, and read nothing of the dashboard's. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/wall/',
  plugins: [svelte(), compress()],
  define: {
    'import.meta.env.VITE_BUILD': JSON.stringify(process.env.ROLLCALL_BUILD ?? 'development'),
  },
  build: {
    target: 'chrome87',
    cssTarget: 'chrome87',
    outDir: 'build',
    emptyOutDir: true,
    // Everything comes as files: the page's policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': server,
      '/socket.io': { target: server, ws: true },
    },
  },
});
