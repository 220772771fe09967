import { bundledStep } from './bundled.mjs';

/** dist/page/, what a browser is given: the page, its styles, its script in one file, and its icon. */
export const pageStep = bundledStep({
  what: 'the page',
  done: 'page bundled',
  code: 'page-failed',
  recipe: 'setup/bundle-page.mjs',
  built: 'dist/page',
  files: ['index.html', 'page.css', 'page.js', 'icon.svg'].map((file) => `dist/page/${file}`),
  stamp: 'dist/page.stamp.json',
});
