/**
 * `npm run bench:run [-- --smoke --json --rounds N --blocks N --only bare,run,dask --python PATH]`: the main
 * experiment through the whole path, beside a bare kernel loop and beside Dask.
 *
 * Exit code 1 where a bound is missed; `--smoke` runs a little of everything, Dask only where it is
 * installed, and holds bounds that only a broken path misses. The databases lie in the folder for temporary
 * files (TMPDIR).
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../../runtime/errors.ts';
import { daskVersions, type DaskTrial, tryDask } from './dask.ts';
import { type Bounds, checkSame, figuresOf, type Trials } from './figures.ts';
import { busyNote, documentOf, linesOf } from './report.ts';
import { type BareTrial, inFolder, type RunTrial, tryBare, tryRun } from './trial.ts';

const PARTS = ['bare', 'run', 'dask'] as const;
type Part = (typeof PARTS)[number];

interface Plan {
  readonly rounds: number;
  readonly blocks: number;
  readonly daskPoints: number;
  readonly bounds: Bounds;
}

/** Of a hundred blocks the start is most, so that the smoke's bounds hold nothing but sanity. */
const PLANS: Record<'full' | 'smoke', Plan> = {
  full: {
    rounds: 3,
    blocks: 1000,
    daskPoints: 100,
    bounds: { mostRatio: 1.25, mostFirstRowSeconds: 1.5, leastDaskRatio: 25 },
  },
  smoke: {
    rounds: 1,
    blocks: 100,
    daskPoints: 10,
    bounds: { mostRatio: 50, mostFirstRowSeconds: 30, leastDaskRatio: 1 },
  },
};

/** Blocks of the unmeasured runs before the first round, which fill the compile cache and the page cache. */
const WARM_UP_BLOCKS = 20;

interface Options extends Plan {
  readonly smoke: boolean;
  readonly json: boolean;
  readonly python: string;
  readonly parts: ReadonlySet<Part>;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      smoke: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      blocks: { type: 'string' },
      only: { type: 'string', default: PARTS.join() },
      python: { type: 'string', default: '/usr/bin/python3' },
    },
  });
  const plan = values.smoke ? PLANS.smoke : PLANS.full;
  return {
    ...plan,
    rounds: wholeNumber('--rounds', values.rounds) ?? plan.rounds,
    blocks: wholeNumber('--blocks', values.blocks) ?? plan.blocks,
    parts: new Set(values.only.split(',').map(partOf)),
    smoke: values.smoke,
    json: values.json,
    python: values.python,
  };
}

function partOf(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (part === undefined) throw new Error(`--only ${name}: expected some of ${PARTS.join()}`);
  return part;
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${option} ${text}: expected a whole number from 1 on`);
}

/** The peer's versions, or null where it is left out: by --only, or in a smoke where it is not installed. */
async function findDask({ parts, smoke, python }: Options): Promise<Record<string, string> | null> {
  if (!parts.has('dask')) return null;
  try {
    return await daskVersions(python);
  } catch (error) {
    if (!smoke) throw error;
    note(`left out: ${messageOf(error)}`);
    return null;
  }
}

/** Trials as they are gathered. */
interface Gathered {
  readonly bare: BareTrial[];
  readonly run: RunTrial[];
  readonly dask: DaskTrial[];
}

/** Every part in turn, and bare and run in changing order, so that what disturbs the machine disturbs all. */
async function measure(options: Options, parts: ReadonlySet<Part>): Promise<Trials> {
  const { rounds, blocks, daskPoints, python } = options;
  const trials: Gathered = { bare: [], run: [], dask: [] };
  if (parts.has('bare')) await inFolder((directory) => tryBare(WARM_UP_BLOCKS, directory));
  if (parts.has('run')) await inFolder((directory) => tryRun(WARM_UP_BLOCKS, directory));
  const steps: Record<Part, () => Promise<unknown>> = {
    bare: async () => trials.bare.push(await inFolder((directory) => tryBare(blocks, directory))),
    run: async () => trials.run.push(await inFolder((directory) => tryRun(blocks, directory))),
    dask: async () => trials.dask.push(await inFolder((directory) => tryDask(python, daskPoints, directory))),
  };
  for (let round = 0; round < rounds; round += 1) {
    const order: readonly Part[] = round % 2 === 0 ? ['bare', 'run', 'dask'] : ['run', 'bare', 'dask'];
    for (const part of order) if (parts.has(part)) await steps[part]();
  }
  return trials;
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  const options = readOptions();
  const { rounds, blocks, bounds } = options;
  const versions = await findDask(options);
  const parts = new Set([...options.parts].filter((part) => part !== 'dask' || versions !== null));
  const trials = await measure(options, parts);
  const figures = figuresOf(trials, blocks, bounds);
  const measured = { trials, figures, blocks, rounds, difference: checkSame(trials), versions };
  const output = options.json ? JSON.stringify(documentOf(measured)) : linesOf(measured).join('\n');
  process.stdout.write(`${output}\n`);
  const busy = busyNote(trials);
  if (busy !== undefined) note(busy);
  const missed = figures.filter(({ passed }) => !passed);
  for (const { name, best, bound } of missed) note(`missed: ${name}: ${best.toPrecision(3)}, ${bound}`);
  if (missed.length > 0) process.exitCode = 1;
}

await main().catch((error: unknown) => {
  note(messageOf(error));
  process.exitCode = 1;
});
