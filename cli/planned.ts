import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Grid } from '../experiment/grid.ts';
import { planOf, type Plan } from '../experiment/plan.ts';
import { didYouMean } from '../experiment/nearest.ts';
import { builtinNames, resolveExperiment } from '../experiment/registry.ts';
import { canonicalSpec, parseSpec, type Spec } from '../experiment/spec.ts';
import { readSpecFile } from '../experiment/spec-file.ts';
import { svdBlockSpec } from '../experiment/svd-block/shorthand.ts';
import { mistake } from '../runtime/errors.ts';
import type { Settings } from '../runtime/settings.ts';
import type { Definition } from '../wire/definition.ts';
import { numberOption, settingsOf, type Invocation } from './command.ts';

/** A spec that was understood and checked to its last point: what is to be computed, and where the rows go. */
export interface Planned {
  readonly settings: Settings;
  readonly definition: Definition;
  readonly plan: Plan;
  /** Number of points. */
  readonly points: number;
  readonly grids: readonly Grid[];
  /** The spec as the database keeps it. */
  readonly canonical: string;
}

/** Options that spell a svd-block spec on the command line. */
const SHORTHAND = ['blocks', 'seeds', 'nrow', 'ncol'] as const;

/**
 * What the command line asks for: `[spec]` is a JSON file, a built-in's name, or absent for svd-block.
 * Every point is checked, so that a spec with one bad point is refused before anything is written.
 */
export async function planInvocation(invocation: Invocation): Promise<Planned> {
  const spec = await specOf(invocation);
  for (const warning of spec.warnings) invocation.output.warning(warning);
  const { definition, check } = await resolveExperiment(spec.experiment);
  const settings = settingsOf(invocation, { specTable: spec.table, experimentTable: identifier(definition.name) });
  const plan = planOf([spec]);
  let points = 0;
  for (let index = 0; index < plan.size; index += 1) {
    const point = plan.pointAt(index);
    if (point === undefined) continue;
    check(point);
    points += 1;
  }
  if (points === 0) throw mistake('bad-spec', 'the stop_list removes every point of the spec; nothing is left to compute');
  return { settings, definition, plan, points, grids: spec.grids, canonical: canonicalSpec(spec) };
}

async function specOf(invocation: Invocation): Promise<Spec> {
  const [name] = invocation.arguments;
  if (name !== undefined && !builtinNames().includes(name)) {
    const shorthand = SHORTHAND.find((option) => invocation.options[option] !== undefined);
    if (shorthand !== undefined) throw mistake('bad-option', `--${shorthand} belongs to the built-in svd-block; the spec ${name} has its own grid`);
    if (!/[./]/.test(name) && !existsSync(name)) {
      throw mistake('unknown-experiment', `there is no spec file and no built-in experiment "${name}"; built in: ${builtinNames().join(', ')}${didYouMean(name, builtinNames())}`);
    }
    return await readSpecFile(resolve(name), { experiment: experimentOption(invocation) });
  }
  const raw = svdBlockSpec({
    blocks: numberOption(invocation, 'blocks', '--blocks', z.number()),
    seeds: seedList(invocation.options['seeds']),
    nrow: numberOption(invocation, 'nrow', '--nrow', z.number()),
    ncol: numberOption(invocation, 'ncol', '--ncol', z.number()),
  });
  return parseSpec(raw, { directory: process.cwd(), experiment: experimentOption(invocation) });
}

/** An experiment's name as a table's: `svd-block` gives svd_block. */
function identifier(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?![A-Za-z])/, 't');
}

function experimentOption(invocation: Invocation): string | undefined {
  const value = invocation.options['experiment'];
  return typeof value === 'string' ? value : undefined;
}

function seedList(value: unknown): number[] | undefined {
  if (typeof value !== 'string') return undefined;
  const seeds = value.split(',').map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  if (seeds.every((seed) => Number.isFinite(seed))) return seeds;
  throw mistake('bad-option', `--seeds ${value}: expected numbers separated by commas, as in 748,271`);
}
