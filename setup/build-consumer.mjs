// `npm run build:consumer`: dist/consumer.mjs from the sources, whether or not it looks current.
import { runSetupCommand } from './command.mjs';
import { consumerStep } from './consumer.mjs';

await runSetupCommand({ steps: [consumerStep], force: true });
