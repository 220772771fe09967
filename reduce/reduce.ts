import { loadExperiment } from '../experiment/registry.ts';
import type { Reduction } from '../experiment/experiment.ts';
import { SluiceError, messageOf } from '../runtime/errors.ts';
import type { Store } from '../store/store.ts';
import type { TableInfo } from '../store/tables.ts';

/** The answer of a table: what its experiment makes of the rows. */
export type Answer = Reduction & { readonly table: string };

/**
 * Recombines the rows of `table` by its experiment's own reduce; undefined where it has none.
 * Throws a SluiceError where the table is unknown or has no rows, and `cannot-reduce` where the reduce itself throws.
 */
export async function reduceTable(store: Store, table: string): Promise<Answer | undefined> {
  const { definition } = tableOf(store, table);
  if (definition.kind === 'program') return undefined;
  const experiment = await loadExperiment(definition, { anyVersion: true });
  if (experiment.reduce === undefined) return undefined;
  if (store.counts(table).stored === 0) throw new SluiceError('no-rows', `table ${table} has no rows yet; \`npx sluice status ${table}\` tells why`);
  try {
    return { table, ...(await experiment.reduce(store.rows(table))) };
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    const message = `the reduce of experiment "${experiment.name}" failed on table ${table}: ${messageOf(cause)}`;
    throw new SluiceError('cannot-reduce', message, { cause });
  }
}

/** What the database knows of `table`, or a SluiceError that names the tables there are. */
export function tableOf(store: Store, table: string): TableInfo {
  const info = store.table(table);
  if (info !== undefined) return info;
  const others = store.tables();
  const known = others.length === 0 ? 'it has none yet' : `it has ${others.join(', ')}`;
  throw new SluiceError('no-table', `the database has no table ${table}; ${known}`);
}

/** An answer as names and values for a person, in its order: nested ones by their path, joined with dots. */
export function answerPairs(answer: Reduction): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) visit(inner, path === '' ? name : `${path}.${name}`);
    } else {
      pairs.push([path, typeof value === 'number' ? String(Number(value.toPrecision(10))) : JSON.stringify(value)]);
    }
  };
  visit(answer, '');
  return pairs;
}

/** An answer as lines for a person: one name and value a line, nested ones with their path. */
export function answerLines(answer: Reduction): string[] {
  const pairs = answerPairs(answer);
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}
