import { bundledStep } from './bundled.mjs';

/** dist/consumer.mjs, the consumer in one file: all that a node of a cluster reads of it. */
export const consumerStep = bundledStep({
  what: 'the bundled consumer',
  done: 'consumer bundled',
  code: 'consumer-failed',
  recipe: 'setup/bundle.mjs',
  built: 'dist/consumer.mjs',
  files: ['dist/consumer.mjs'],
  stamp: 'dist/consumer.stamp.json',
});
