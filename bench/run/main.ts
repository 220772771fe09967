/**
 * `npm run bench:run [-- --smoke --json --rounds N --blocks N --only bare,run,dask --python PATH]`: the main
 * experiment through the whole path, beside a bare kernel loop and beside Dask.
 *
 * A round during which others took more than a twentieth of the machine is measured again, up to a limit.
 * Exit code 1 where a bound is missed; `--smoke` runs a little of everything, Dask only where it is
 * installed, and holds bounds that only a broken path misses. The databases lie in the folder for temporary
 * files (TMPDIR).
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../../runtime/errors.ts';
import { daskVersions } from './dask.ts';
import { type Bounds, checkSame, figuresOf } from './figures.ts';
import { documentOf, linesOf } from './report.ts';
import { QUIET_SHARE } from './quietest.ts';
import { measure, type Part, PARTS } from './rounds.ts';
import { wholeNumber } from './whole-number.ts';

interface Plan {
  readonly rounds: number;
  readonly triesPerRound: number;
  readonly blocks: number;
  readonly daskPoints: number;
  readonly bounds: Bounds;
}

/** Of a hundred blocks the start is most, so that the smoke's bounds hold nothing but sanity. */
const PLANS: Record<'full' | 'smoke', Plan> = {
  full: {
    rounds: 3,
    triesPerRound: 3,
    blocks: 1000,
    daskPoints: 100,
    bounds: { mostRatio: 1.25, mostFirstRowSeconds: 1.5, leastDaskRatio: 25 },
  },
  smoke: {
    rounds: 1,
    triesPerRound: 1,
    blocks: 100,
    daskPoints: 10,
    bounds: { mostRatio: 50, mostFirstRowSeconds: 30, leastDaskRatio: 1 },
  },
};

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

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  const options = readOptions();
  const { rounds, blocks, bounds } = options;
  const versions = await findDask(options);
  const parts = new Set([...options.parts].filter((part) => part !== 'dask' || versions !== null));
  const gathered = await measure({ ...options, parts });
  const { trials, othersShare } = gathered;
  const figures = figuresOf(trials, blocks, bounds);
  const measured = { ...gathered, figures, blocks, rounds, difference: checkSame(trials), versions };
  const output = options.json ? JSON.stringify(documentOf(measured)) : linesOf(measured).join('\n');
  process.stdout.write(`${output}\n`);
  if (othersShare > QUIET_SHARE) note('the machine was too busy for a verdict on seconds; CPU s tell more');
  const missed = figures.filter(({ passed }) => !passed);
  for (const { name, best, bound } of missed) note(`missed: ${name}: ${best.toPrecision(3)}, ${bound}`);
  if (missed.length > 0) process.exitCode = 1;
}

await main().catch((error: unknown) => {
  note(messageOf(error));
  process.exitCode = 1;
});
