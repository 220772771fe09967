import { SluiceError, mistake } from '../runtime/errors.ts';
import type { Definition } from '../wire/definition.ts';
import { caseCollision, columnNameFault } from './column-names.ts';
import { excerpt } from './excerpt.ts';
import type { Experiment, PointCheck, RowCheck } from './experiment.ts';
import { didYouMean } from './nearest.ts';
import type { ExperimentReference } from './reference.ts';
import { OPTIONAL, REQUIRED, SVD_BLOCK_NAME, SVD_BLOCK_VERSION, svdBlockPoint } from './svd-block/definition.ts';
import { checkSvdBlockRow } from './svd-block/row.ts';

/** What planning needs to know of an experiment. */
export interface ResolvedExperiment {
  readonly definition: Definition;
  readonly check: PointCheck;
  /** What is known of its rows without running it: of built-ins alone. */
  readonly rows?: KnownRows;
}

/** What the rows of an experiment look like. */
export interface KnownRows {
  /** Parameters that every point has, and those that it may have. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly check: RowCheck;
}

/** A definition whose experiment runs in a process of ours; a program is talked to instead. */
export type LoadableDefinition = Exclude<Definition, { kind: 'program' }>;

interface Builtin {
  readonly version: string;
  readonly check: PointCheck;
  readonly rows: KnownRows;
  /** Loads what running needs, such as the kernel, which planning does without. */
  load(): Promise<Experiment>;
}

const BUILTINS: Readonly<Record<string, Builtin>> = {
  [SVD_BLOCK_NAME]: {
    version: SVD_BLOCK_VERSION,
    check: (point) => void svdBlockPoint(point),
    rows: { required: REQUIRED, optional: OPTIONAL, check: checkSvdBlockRow },
    load: async () => (await import('./svd-block/load.ts')).loadSvdBlock(),
  },
};

/** Names of the experiments that ship with Sluice. */
export function builtinNames(): string[] {
  return Object.keys(BUILTINS);
}

/**
 * The definition and the check of the experiment that a spec refers to; a module of the user's is imported,
 * a built-in's kernel is not loaded, a program is not started.
 *
 * Throws a SluiceError with exit code 2: `unknown-experiment`, `no-such-module` or `bad-module`.
 */
export async function resolveExperiment(reference: ExperimentReference): Promise<ResolvedExperiment> {
  if (reference.kind === 'builtin') {
    const { version, check, rows } = builtin(reference.name);
    return { definition: { kind: 'builtin', name: reference.name, version }, check, rows };
  }
  if (reference.kind === 'program') {
    return { definition: { ...reference, command: [...reference.command] }, check: checkColumnNames };
  }
  const { name, version, check } = await importModule(reference.path);
  return {
    definition: { kind: 'module', name, version, path: reference.path },
    check: withColumnNames(check),
  };
}

/**
 * The experiment of a built-in or a module, ready to run and to reduce.
 *
 * Errors are those of resolveExperiment, and `experiment-changed` where the code found has another name, or,
 * unless `anyVersion`, another version than the definition: rows would carry a version that is not theirs.
 */
export async function loadExperiment(
  definition: LoadableDefinition,
  { anyVersion = false }: { anyVersion?: boolean } = {},
): Promise<Experiment> {
  const found =
    definition.kind === 'builtin'
      ? await builtin(definition.name).load()
      : await importModule(definition.path);
  const same = found.name === definition.name && (anyVersion || found.version === definition.version);
  if (same) return { ...found, check: withColumnNames(found.check) };
  throw new SluiceError(
    'experiment-changed',
    `the table was planned with ${definition.name}, version ` +
      `${definition.version}; found ${found.name}, version ${found.version}` +
      `${definition.kind === 'module' ? ` in ${definition.path}` : ''}; enqueue the spec again`,
  );
}

function builtin(name: string): Builtin {
  if (Object.hasOwn(BUILTINS, name)) return BUILTINS[name]!;
  throw mistake(
    'unknown-experiment',
    `unknown experiment ${excerpt(name)}${didYouMean(name, builtinNames())}; ` +
      `built in: ${builtinNames().join(', ')}; a module is given by its path ("./mine.ts"), a program as ` +
      '{"command": [...], "name": ..., "version": ...}',
  );
}

/** Imported only here: zod, which the schemas of modules need, takes as long to load as the kernel. */
async function importModule(path: string): Promise<Experiment> {
  return (await import('./module.ts')).importExperiment(path);
}

function withColumnNames(check: PointCheck): PointCheck {
  return (point) => {
    checkColumnNames(point);
    check(point);
  };
}

const checkColumnNames: PointCheck = (point) => {
  const names = Object.keys(point);
  for (const name of names) {
    const fault = columnNameFault(name);
    if (fault !== undefined) throw mistake('bad-point', `parameter ${excerpt(name)}: ${fault}`);
  }
  const collision = caseCollision(names);
  if (collision !== undefined) {
    throw mistake('bad-point', `parameters "${collision[0]}" and "${collision[1]}" differ by case alone`);
  }
};
