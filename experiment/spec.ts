import { mistake } from '../runtime/errors.ts';
import { tableNameSchema } from '../wire/names.ts';
import { excerpt } from './excerpt.ts';
import type { Grid } from './grid.ts';
import { parseReference, referenceJson } from './reference.ts';
import type { ExperimentReference } from './reference.ts';
import { parseForm, unknownKeys } from './spec-form.ts';
import { gridsOf } from './spec-grids.ts';
import { parseStopList } from './stop-list.ts';
import type { StopEntry } from './stop-list.ts';

/** The experiment of a spec that names none: the main one. */
export const DEFAULT_EXPERIMENT = 'svd-block';

/** What a person asks for: an experiment, the grids of its points, and the table that takes the rows. */
export interface Spec {
  readonly experiment: ExperimentReference;
  /** Undefined where neither the caller nor the spec names one. */
  readonly table: string | undefined;
  /** At least one. */
  readonly grids: readonly Grid[];
  readonly stopList: readonly StopEntry[];
  /** One line each, for the person at the keyboard: unknown keys, stop entries that cannot match. */
  readonly warnings: readonly string[];
}

/** Where a spec comes from, and what was said beside it. */
export interface SpecSource {
  /** The folder that relative paths, in the spec and beside it, start from. */
  readonly directory: string;
  /** The experiment where the spec names none (`--experiment`); one that contradicts the spec is refused. */
  readonly experiment?: string | undefined;
  /** The table, whatever the spec says (`--table`, TABLE_NAME). */
  readonly table?: string | undefined;
}

/**
 * The spec that `value`, a parsed JSON document in EMS's form, stands for.
 *
 * Throws a SluiceError with exit code 2 (`bad-spec`, `bad-table-name`, `too-many-points`), one line that
 * names the key, the rule and what was found.
 */
export function parseSpec(value: unknown, source: SpecSource): Spec {
  const form = parseForm(value);
  const grids = gridsOf(form);
  const stopList = parseStopList(form.stop_list ?? []);
  return {
    experiment: experimentOf(form.experiment, source),
    table: source.table === undefined ? (form.table_name ?? undefined) : tableOf(source.table),
    grids,
    stopList,
    warnings: [...unknownKeys(form), ...idleStops(stopList, grids)],
  };
}

/**
 * The JSON text that the database keeps of a spec: what decides its points, and nothing else.
 *
 * Parsing it again gives the same experiment and points from whatever folder (paths are absolute); equal
 * specs give equal texts. The table's name and unknown keys are not in it.
 */
export function canonicalSpec(spec: Pick<Spec, 'experiment' | 'grids' | 'stopList'>): string {
  return JSON.stringify({
    experiment: referenceJson(spec.experiment),
    params: spec.grids.map((grid) => grid.json),
    ...(spec.stopList.length > 0 && { stop_list: spec.stopList }),
  });
}

function experimentOf(value: unknown, { experiment, directory }: SpecSource): ExperimentReference {
  const asked = experiment === undefined ? undefined : parseReference(experiment, directory);
  if (value === undefined || value === null) return asked ?? parseReference(DEFAULT_EXPERIMENT, directory);
  const stated = parseReference(value, directory);
  if (asked === undefined || JSON.stringify(asked) === JSON.stringify(stated)) return stated;
  throw mistake(
    'bad-spec',
    `the spec's experiment is ${excerpt(value)}, and ${excerpt(experiment)} was asked for beside it; ` +
      'leave one of them out',
  );
}

function tableOf(name: string): string {
  const parsed = tableNameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw mistake('bad-table-name', `table name ${excerpt(name)}: ${parsed.error.issues[0]!.message}`);
}

function idleStops(stopList: readonly StopEntry[], grids: readonly Grid[]): string[] {
  const fits = (entry: StopEntry) =>
    grids.some((grid) => Object.keys(entry).every((name) => grid.names.includes(name)));
  const idle = stopList.filter((entry) => !fits(entry));
  if (idle.length === 0) return [];
  return [
    `${idle.length} of ${stopList.length} stop_list entries name parameters that no grid has, and take out ` +
      `nothing: ${excerpt(idle[0])}`,
  ];
}
