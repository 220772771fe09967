// `npm run build:page`: dist/page/ from the sources, whether or not it looks current.
import { runSetupCommand } from './command.mjs';
import { pageStep } from './page.mjs';

await runSetupCommand({ steps: [pageStep], force: true });
