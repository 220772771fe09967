import type { Candidates } from '../producer/fill.ts';
import { pointsOver } from '../sink/upload/reconcile.ts';
import type { Warehouse } from '../sink/upload/warehouse.ts';
import { pointKey } from '../wire/point.ts';
import { requireCloudSettings } from './cloud-settings.ts';
import type { Invocation } from './command.ts';
import type { Planned } from './planned.ts';
import { asking } from './pull.ts';

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

async function keysThere(warehouse: Warehouse, { settings, definition, parameters }: Planned): Promise<Set<string>> {
  const cloud = await warehouse.findTable(settings.table);
  const there = cloud?.fields.map(({ name = '' }) => name) ?? [];
  const asked = parameters.filter((name) => there.includes(name));
  const keys = new Set<string>();
  if (asked.length === 0) return keys;
  for await (const chunk of pointsOver(warehouse, settings.table, definition.name, asked)) for (const key of chunk) keys.add(key);
  return keys;
}
