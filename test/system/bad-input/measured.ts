/** Process of a test: runs the command line that follows FILE, and writes what it cost to FILE. */
import { writeFileSync } from 'node:fs';
import { main } from '../../../cli/main.ts';

const [file = '', ...line] = process.argv.slice(2);
await main(line);
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
writeFileSync(file, JSON.stringify({ peakBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }));
