import type { Grid } from '../experiment/grid.ts';
import { parameterKinds, type ParameterKinds } from '../experiment/parameter-kinds.ts';
import { gridsOfSpecs, plannedPoint } from '../experiment/planned-point.ts';
import { parseReference, type ExperimentReference } from '../experiment/reference.ts';
import { resolveExperiment } from '../experiment/registry.ts';
import { DEFAULT_EXPERIMENT } from '../experiment/spec.ts';
import { readSpecFile } from '../experiment/spec-file.ts';
import { mistake } from '../runtime/errors.ts';
import { refuseOtherExperiment } from '../runtime/registration.ts';
import type { Subject } from '../gather/row.ts';
import type { ParameterNames } from '../gather/shape.ts';
import type { Store } from '../store/store.ts';
import type { TableInfo } from '../store/tables.ts';
import type { Definition } from '../wire/definition.ts';
import type { Invocation } from './command.ts';

/** The experiment whose rows are gathered, and how it is found again. */
export interface GatherSubject extends Subject {
  readonly definition: Definition;
  readonly parameterKinds: ParameterKinds;
}

/** An experiment as it is asked for, and the grids of the spec that asks for it. */
interface Asked {
  readonly reference: ExperimentReference;
  readonly grids: readonly Grid[];
}

/** What the database knows of `table`, or undefined. Throws a mistake where it has one that differs by case alone. */
export function knownTable(store: Store | undefined, table: string): TableInfo | undefined {
  const same = store?.tables().find((name) => name.toLowerCase() === table.toLowerCase());
  if (same === undefined || same === table) return store?.table(table);
  throw mistake('bad-table-name', `table ${table} differs from the table ${same} in case alone; choose another name`);
}

/**
 * The experiment of the rows: what --experiment names (a built-in, a module, or a spec's file), else that of the table,
 * else svd-block. Throws a mistake where it is not the table's, or where nobody says which columns are its parameters.
 */
export async function gatherSubject(invocation: Invocation, table: string, known: TableInfo | undefined): Promise<GatherSubject> {
  const { experiment, parameters } = invocation.options;
  const asked = typeof experiment === 'string' ? await askedFor(experiment) : { reference: referenceOf(known?.definition), grids: [] };
  const { definition, check, rows } = await resolveExperiment(asked.reference);
  if (known !== undefined) refuseOtherExperiment(table, known.experiment, definition.name);
  const grids = [...asked.grids, ...gridsOfSpecs(known?.specs ?? [])];
  const names = listed(parameters) ?? rows ?? namesOf(asked.grids) ?? namesOf(grids, known) ?? unknown(definition.name);
  return {
    definition,
    check,
    checkRow: rows?.check,
    parameterKinds: parameterKinds(grids),
    parameters: { required: names.required, optional: names.optional },
    columns: new Map(known?.columns.map(({ name, vector }) => [name, vector])),
    ...(grids.length > 0 && { planned: (values) => plannedPoint(grids, values) }),
  };
}

async function askedFor(experiment: string): Promise<Asked> {
  if (!experiment.endsWith('.json')) return { reference: parseReference(experiment, process.cwd()), grids: [] };
  const spec = await readSpecFile(experiment);
  return { reference: spec.experiment, grids: spec.grids };
}

/** The names that points of these grids and of a known table's rows have: all of them, and only some. */
function namesOf(grids: readonly Grid[], known?: TableInfo): ParameterNames | undefined {
  const stored = known?.columns.filter(({ parameter }) => parameter).map(({ name }) => name) ?? [];
  const lists = [...grids.map(({ names }) => names), ...(stored.length > 0 ? [stored] : [])];
  const all = [...new Set(lists.flat())];
  const isEverywhere = (name: string): boolean => lists.every((list) => list.includes(name));
  return lists.length === 0 ? undefined : { required: all.filter(isEverywhere), optional: all.filter((name) => !isEverywhere(name)) };
}

function unknown(experiment: string): never {
  throw mistake(
    'which-parameters',
    `nobody says which columns are the parameters of ${experiment}; name them with --parameters A,B, or give its spec with --experiment SPEC.json`,
  );
}

function referenceOf(definition: Definition | undefined): ExperimentReference {
  if (definition === undefined) return { kind: 'builtin', name: DEFAULT_EXPERIMENT };
  if (definition.kind === 'builtin') return { kind: 'builtin', name: definition.name };
  return definition.kind === 'module' ? { kind: 'module', path: definition.path } : definition;
}

function listed(option: unknown): ParameterNames | undefined {
  if (typeof option !== 'string') return undefined;
  const names = option.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return { required: names, optional: [] };
  throw mistake('bad-option', `--parameters ${option}: expected names of columns separated by commas, as in r,steps`);
}
