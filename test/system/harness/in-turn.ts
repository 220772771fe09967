/** Process of a test: runs the command lines that the file FILE lists, each in its folder, and writes to FILE how they ended. */
import { readFileSync, writeFileSync } from 'node:fs';
import { main } from '../../../cli/main.ts';
import type { End } from './command.ts';
import type { PlacedLine } from './command-lines.ts';

// A command listens to its output, and is not the only one here.
process.stdout.setMaxListeners(0);

const [file = ''] = process.argv.slice(2);
const ends: End[] = [];
for (const line of JSON.parse(readFileSync(file, 'utf8')) as PlacedLine[]) ends.push(await run(line));
process.exitCode = 0;
writeFileSync(file, JSON.stringify(ends));

async function run({ line, folder, environment }: PlacedLine): Promise<End> {
  const before = { ...process.env };
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  process.chdir(folder);
  Object.assign(process.env, { HOME: folder, ...environment });
  process.exitCode = 0;
  await main(line);
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  return { code: process.exitCode, signal: null, stdout: stdout(), stderr: stderr() };
}

/** Keeps what is written to `stream` from now on; the answer gives it, and lets the stream go. */
function capture(stream: NodeJS.WriteStream): () => string {
  let text = '';
  stream.write = (chunk: string | Uint8Array): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  return () => {
    // The method of its class is there again.
    Reflect.deleteProperty(stream, 'write');
    return text;
  };
}
