import { parseReference, type ExperimentReference } from '../experiment/reference.ts';
import { resolveExperiment } from '../experiment/registry.ts';
import { DEFAULT_EXPERIMENT } from '../experiment/spec.ts';
import { readSpecFile } from '../experiment/spec-file.ts';
import { mistake } from '../runtime/errors.ts';
import { refuseOtherExperiment } from '../runtime/registration.ts';
import type { Subject } from '../gather/row.ts';
import type { ParameterNames } from '../gather/shape.ts';
import type { TableInfo } from '../store/tables.ts';
import type { Definition } from '../wire/definition.ts';
import type { Invocation } from './command.ts';

/** The experiment whose rows are gathered, and how it is found again. */
export interface GatherSubject extends Subject {
  readonly definition: Definition;
}

/** An experiment as it is asked for, and the parameters that a spec gives it. */
interface Asked {
  readonly reference: ExperimentReference;
  readonly parameters?: readonly string[];
}

/**
 * The experiment of the rows: what --experiment names (a built-in, a module, or a spec's file), else that of the table,
 * else svd-block. Throws a mistake where it is not the table's, or where nobody says which columns are its parameters.
 */
export async function gatherSubject(invocation: Invocation, table: string, known: TableInfo | undefined): Promise<GatherSubject> {
  const { experiment, parameters } = invocation.options;
  const asked = typeof experiment === 'string' ? await askedFor(experiment) : { reference: referenceOf(known?.definition) };
  const { definition, check, rows } = await resolveExperiment(asked.reference);
  if (known !== undefined) refuseOtherExperiment(table, known.experiment, definition.name);
  const names = listed(parameters) ?? asked.parameters ?? (rows === undefined ? storedParameters(known) : undefined);
  if (names !== undefined) return { definition, check, checkRow: rows?.check, parameters: { required: names, optional: [] } };
  if (rows !== undefined) return { definition, check, checkRow: rows.check, parameters: rows satisfies ParameterNames };
  throw mistake(
    'which-parameters',
    `nobody says which columns are the parameters of ${definition.name}; name them with --parameters A,B, or give its spec with --experiment SPEC.json`,
  );
}

async function askedFor(experiment: string): Promise<Asked> {
  if (!experiment.endsWith('.json')) return { reference: parseReference(experiment, process.cwd()) };
  const spec = await readSpecFile(experiment);
  const lists = new Set(spec.grids.map(({ names }) => names.toSorted().join(',')));
  const [first] = spec.grids;
  return { reference: spec.experiment, ...(lists.size === 1 && first !== undefined && { parameters: first.names }) };
}

function referenceOf(definition: Definition | undefined): ExperimentReference {
  if (definition === undefined) return { kind: 'builtin', name: DEFAULT_EXPERIMENT };
  if (definition.kind === 'builtin') return { kind: 'builtin', name: definition.name };
  return definition.kind === 'module' ? { kind: 'module', path: definition.path } : definition;
}

function storedParameters(known: TableInfo | undefined): readonly string[] | undefined {
  const names = known?.columns.filter(({ parameter }) => parameter).map(({ name }) => name) ?? [];
  return names.length === 0 ? undefined : names;
}

function listed(option: unknown): readonly string[] | undefined {
  if (typeof option !== 'string') return undefined;
  const names = option.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw mistake('bad-option', `--parameters ${option}: expected names of columns separated by commas, as in r,steps`);
}
