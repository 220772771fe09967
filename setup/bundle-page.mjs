// `node setup/bundle-page.mjs FOLDER`: writes what a browser is given into FOLDER, and prints, as JSON, the files that it
// is made of. A process of its own: rolldown is installed only once packages are.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'rolldown';
import { CHECKOUT } from './command.mjs';

const PAGE = 'monitor/page';
const STYLES = [`${PAGE}/page.css`, `${PAGE}/parts.css`, 'monitor/chart/chart.css'];
const AS_THEY_ARE = ['index.html', 'icon.svg'];

/** @param {string} file */
const inCheckout = (file) => path.join(CHECKOUT, file);

const { output: [bundle] } = await build({
  input: inCheckout(`${PAGE}/main.tsx`),
  cwd: CHECKOUT,
  platform: 'browser',
  tsconfig: inCheckout(`${PAGE}/tsconfig.json`),
  output: { format: 'esm', codeSplitting: false, minify: true, comments: false },
  logLevel: 'silent',
  write: false,
});

const folder = process.argv[2] ?? '';
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(path.join(folder, 'page.js'), bundle.code);
fs.writeFileSync(path.join(folder, 'page.css'), STYLES.map((file) => fs.readFileSync(inCheckout(file), 'utf8')).join('\n'));
for (const file of AS_THEY_ARE) fs.copyFileSync(inCheckout(`${PAGE}/${file}`), path.join(folder, file));

const modules = bundle.moduleIds.filter((id) => path.isAbsolute(id)).map((id) => path.relative(CHECKOUT, id).replaceAll(path.sep, '/'));
process.stdout.write(JSON.stringify([...modules, ...STYLES, `${PAGE}/tsconfig.json`, ...AS_THEY_ARE.map((file) => `${PAGE}/${file}`)]));
