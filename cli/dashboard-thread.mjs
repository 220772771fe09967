/** The entry point of the page's threads; JavaScript, so that the compile cache serves everything after it. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';

enableCompileCache(join(import.meta.dirname, '..', '.cache', 'compiled'));
const { serveStored } = await import('../monitor/server/serve-stored.ts');
const { reduceTable } = await import('../reduce/reduce.ts');
if (parentPort !== null) serveStored(parentPort, reduceWithoutTable);

/** @param {import('../store/store.ts').Store} store @param {string} table */
async function reduceWithoutTable(store, table) {
  const answer = await reduceTable(store, table);
  if (answer === undefined) return undefined;
  const { table: _, ...values } = answer;
  return values;
}
