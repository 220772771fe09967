/** `main.ts needs` gets a Chromium where there is none, or says in one line what keeps this machine from having one. */
import { findChromium } from './needs.ts';

/** The exit code of a test that is skipped. */
const SKIPPED = 77;

try {
  await findChromium();
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
  process.exitCode = SKIPPED;
}
