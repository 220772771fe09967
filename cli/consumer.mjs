#!/usr/bin/env node
/**
 * The entry of dist/consumer.mjs, a file that is three programs: a consumer, the threads that compute for it, and the
 * processes that do. Each loads its own part alone; in the one file, that is: runs the modules of its own part alone.
 */
import { parentPort } from 'node:worker_threads';
import { COMPUTING } from '../consumer/slot/computing.ts';

const OLDEST_NODE = 24;

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(
    `consumer: needs Node ${OLDEST_NODE} or newer, and this is ${process.versions.node}; ` +
      'run it by node_modules/.bin/node of the checkout that it was built in\n',
  );
  process.exitCode = 2;
} else if (parentPort !== null) {
  const { serveThread } = await import('../consumer/slot/serve.ts');
  serveThread(parentPort);
} else if (process.argv[2] === COMPUTING) {
  const { serveProcess } = await import('../consumer/slot/serve.ts');
  serveProcess();
} else {
  const { consumerMain } = await import('./consumer-main.ts');
  await consumerMain(process.argv.slice(2));
}
