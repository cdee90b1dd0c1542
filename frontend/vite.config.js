import { readFileSync } from 'node:fs';
import tailwind from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const names = JSON.parse(readFileSync(new URL('./icons.json', import.meta.url), 'utf8'));

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The icons named in icons.json as CSS masks, and the favicon; a name lucide does not know stops the build. */
function icons() {
  const rule = (name) => {
    const svg = read(`./node_modules/lucide-static/icons/${name}.svg`).replace(/<!--.*?-->/s, '').replace(/\s+/g, ' ')
      .replace(/ (class|width|height)="[^"]*"/, ' ').replace('currentColor', '#000').trim();
    return `.i-${name}{--icon:url("data:image/svg+xml,${encodeURIComponent(svg).replace(/%20/g, ' ').replace(/%3D/g, '=').replace(/%3A/g, ':').replace(/%2F/g, '/').replace(/%22/g, "'")}")}`;
  };
  return {
    name: 'bihuan-icons',
    resolveId: (id) => (id === 'virtual:icons.css' ? id : undefined),
    load: (id) => (id === 'virtual:icons.css' ? names.map(rule).join('\n') : undefined),
    generateBundle() {
      this.emitFile({ type: 'asset', name: 'favicon.svg', originalFileName: 'favicon.svg', source: read('./src/favicon.svg') });
    },
  };
}

export default defineConfig({
  plugins: [tailwind(), icons()],
  base: '/static/dist/',
  publicDir: false,
  build: {
    manifest: 'manifest.json',
    outDir: '../src/bihuan/static/dist',
    emptyOutDir: true,
    modulePreload: false,
    target: ['chrome99', 'firefox100', 'safari15.4'],
    cssTarget: ['chrome99', 'firefox100', 'safari15.4'],
    cssMinify: 'lightningcss',
    rollupOptions: {
      input: { main: 'src/main.js' },
      // htmx holds one eval, which its allowEval:false and our CSP both keep from running
      onLog: (level, log, next) => (log.code === 'EVAL' ? undefined : next(level, log)),
    },
  },
});
