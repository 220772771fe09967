/**
 * The bare kernel loop, `node bare.mjs BLOCKS THREADS`: a process and its threads, started as the command and
 * its computing threads are: JavaScript first, so that the compile cache serves the sources after it.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { isMainThread, workerData } from 'node:worker_threads';

enableCompileCache(join(import.meta.dirname, '..', '..', '.cache', 'compiled'));
const { computeShare, divideBlocks } = await import('./bare.ts');
if (isMainThread) await divideBlocks(Number(process.argv[2]), Number(process.argv[3]));
else await computeShare(workerData);
