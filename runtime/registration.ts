import { definitionSchema, type Definition } from '../wire/definition.ts';
import type { Broker } from './broker.ts';
import { mistake } from './errors.ts';

/** Tells consumers what to compute for `table`; refuses where it belongs to another experiment. */
export async function registerTable(broker: Broker, table: string, definition: Definition): Promise<void> {
  const before = (await readRegistrations(broker)).get(table);
  if (before !== undefined) refuseOtherExperiment(table, before.name, definition.name);
  await broker.redis.hset(broker.names.tables, table, JSON.stringify(definition));
}

/** Throws where a table of the experiment `before` is asked to take rows of `now`. */
export function refuseOtherExperiment(table: string, before: string, now: string): void {
  if (before === now) return;
  throw mistake(
    'other-experiment',
    `table ${table} holds rows of the experiment "${before}", not of "${now}"; choose another table with --table`,
  );
}

/** The tables that the broker knows, with the experiment of each. */
export async function readRegistrations(broker: Broker): Promise<Map<string, Definition>> {
  const all = await broker.redis.hgetall(broker.names.tables);
  return new Map(Object.entries(all).map(([table, text]) => [table, definitionSchema.parse(JSON.parse(text))]));
}
