// `npm run build:kernel`: dist/kernel.wasm from kernel/assembly, whether or not it looks current.
import { runSetupCommand } from './command.mjs';
import { kernelStep } from './kernel.mjs';

await runSetupCommand({ steps: [kernelStep], force: true });
