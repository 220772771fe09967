/** The entry point of the uploader's thread; JavaScript, so that the compile cache serves everything after it. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

enableCompileCache(join(import.meta.dirname, '..', '..', '.cache', 'compiled'));
const { serveUploads } = await import('./serve-uploads.ts');
if (parentPort !== null) await serveUploads(parentPort, workerData);
