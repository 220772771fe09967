/** The entry point of the writer's thread; JavaScript, so that the compile cache serves everything after it. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

enableCompileCache(join(import.meta.dirname, '..', '.cache', 'compiled'));
const { serveWriter } = await import('./writer-serve.ts');
if (parentPort !== null) serveWriter(parentPort, workerData);
