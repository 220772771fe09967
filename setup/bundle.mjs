// `node setup/bundle.mjs FILE`: writes the consumer with all that it needs as one minified file, and prints, as JSON, the
// files that it is made of. A process of its own: rolldown is installed only once packages are.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'rolldown';
import { CHECKOUT } from './command.mjs';

const ENTRY = 'cli/consumer.mjs';

/**
 * Modules that say where a file is, and what they say in the bundle.
 *
 * @type {ReadonlyMap<string, string>}
 */
const PLACES = new Map([
  ['kernel/wasm-file.ts', 'export const KERNEL_FILE = new URL("./kernel.wasm", import.meta.url);'],
  ['consumer/slot/worker-file.ts', 'export const WORKER_FILE = new URL(import.meta.url);'],
]);

/** @param {string} id a module's, as rolldown knows it */
const fromCheckout = (id) => path.relative(CHECKOUT, id).replaceAll(path.sep, '/');

const { output: [bundle] } = await build({
  input: path.join(CHECKOUT, ENTRY),
  cwd: CHECKOUT,
  platform: 'node',
  resolve: {
    // Its native part is optional, would be looked for on the shared file system, and serves only the reading of texts.
    alias: { msgpackr: path.join(CHECKOUT, 'node_modules/msgpackr/index.js') },
  },
  plugins: [{ name: 'places', load: (id) => PLACES.get(fromCheckout(id)) }],
  output: { format: 'esm', codeSplitting: false, minify: true, comments: false },
  logLevel: 'silent',
  write: false,
});
fs.writeFileSync(process.argv[2] ?? '', bundle.code);
const files = bundle.moduleIds.filter((id) => path.isAbsolute(id)).map(fromCheckout);
process.stdout.write(JSON.stringify(files));
