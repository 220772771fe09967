#!/usr/bin/env node
// The one file that any Node can read: it hands over to TypeScript where this Node runs that, and says so where not.
import * as nodeModule from 'node:module';
import { join } from 'node:path';

const OLDEST_NODE = 24;

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(
    `sluice: needs Node ${OLDEST_NODE} or newer, and this is ${process.versions.node}; type \`npx sluice ...\` in the checkout ` +
      '(after `npm run setup`), which runs it on the Node that Sluice brings along\n',
  );
  process.exitCode = 2;
} else {
  nodeModule.enableCompileCache(join(import.meta.dirname, '..', '.cache', 'compiled'));
  const { main } = await import('./main.ts');
  await main(process.argv.slice(2));
}
