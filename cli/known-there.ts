import { SVD_BLOCK_NAME, SVD_BLOCK_PARAMETERS } from '../experiment/svd-block/definition.ts';
import type { Candidates } from '../producer/fill.ts';
import { pointsOver } from '../sink/upload/reconcile.ts';
import type { Warehouse } from '../sink/upload/warehouse.ts';
import { pointKey } from '../wire/point.ts';
import { requireCloudSettings } from './cloud-settings.ts';
import type { Invocation } from './command.ts';
import type { Planned } from './planned.ts';
import { readStored } from './read-stored.ts';
import { asking } from './asking.ts';

/**
 * The plan's points without those whose rows BigQuery has, and how many of these there were once all were looked at. It
 * holds for one `enqueue`: an `up` that keeps the database complete computes them; `sluice pull` is for that.
 */
export async function withoutKnownThere(invocation: Invocation, planned: Planned): Promise<{ points: Candidates; left: () => number }> {
  const { definition, plan } = planned;
  const known = await asking(requireCloudSettings(planned.settings), (line) => invocation.output.warning(line), async (warehouse) => await keysThere(warehouse, planned));
  const left = new Set<number>();
  const pointAt = (index: number) => {
    const point = plan.pointAt(index);
    if (point === undefined || !known.has(pointKey(definition.name, point))) return point;
    left.add(index);
    return undefined;
  };
  return { points: { size: plan.size, pointAt }, left: () => left.size };
}

async function keysThere(warehouse: Warehouse, planned: Planned): Promise<Set<string>> {
  const { settings, definition, grids } = planned;
  const cloud = await warehouse.findTable(settings.table);
  const there = cloud?.fields.map(({ name = '' }) => name) ?? [];
  const identity = { experiment: definition.name, parameters: parametersOf(planned).filter((name) => there.includes(name)), grids };
  const keys = new Set<string>();
  if (identity.parameters.length === 0) return keys;
  for await (const chunk of pointsOver(warehouse, settings.table, identity)) for (const key of chunk) keys.add(key);
  return keys;
}

/**
 * Names of the parameters that rows over there may have: those of the spec, and more. A row that has one which no point of
 * the spec has is of none of them.
 */
function parametersOf({ settings, definition, grids }: Planned): string[] {
  const stored = readStored(settings.data, (store) => store?.table(settings.table)?.columns ?? []).filter(({ parameter }) => parameter);
  const builtin = definition.name === SVD_BLOCK_NAME ? SVD_BLOCK_PARAMETERS : [];
  return [...new Set([...grids.flatMap(({ names }) => names), ...builtin, ...stored.map(({ name }) => name)])];
}
