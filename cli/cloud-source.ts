import { excerpt } from '../experiment/excerpt.ts';
import type { ParameterNames } from '../gather/shape.ts';
import { badFile, type Source, type SourceRecord } from '../gather/source.ts';
import { orStopped } from '../runtime/wait.ts';
import { cellsOf, unreadable } from '../sink/upload/cloud-row.ts';
import { readQuery } from '../sink/upload/reconcile.ts';
import type { CloudTable, Warehouse } from '../sink/upload/warehouse.ts';

/** A table in BigQuery. */
export interface CloudPlace {
  readonly warehouse: Warehouse;
  readonly table: string;
  readonly cloud: CloudTable;
  /** Names of the parameters that rows can have. */
  readonly parameters: ParameterNames;
  /** Ends the reading. */
  readonly stop: AbortSignal;
}

/** The rows of a table in BigQuery, to be gathered; each reading is a query. A row is named by its parameters. */
export function cloudSource(place: CloudPlace): Source {
  return { name: nameOf(place), writtenAtMs: place.cloud.writtenAtMs, records: () => recordsOf(place) };
}

function nameOf({ warehouse, table }: CloudPlace): string {
  return `${warehouse.target.name}.${table}`;
}

async function* recordsOf(place: CloudPlace): AsyncGenerator<SourceRecord> {
  const { warehouse, table, cloud, parameters, stop } = place;
  const headerPlace = nameOf(place);
  const fault = unreadable(cloud.fields);
  if (fault !== undefined) throw badFile(headerPlace, fault);
  const header = cloud.fields.map(({ name = '' }) => name);
  const names = [...parameters.required, ...parameters.optional].filter((name) => header.includes(name));
  const isParameter = new Set(names);
  let line = 0;
  const pages = warehouse.query(readQuery(warehouse, table, header));
  for (;;) {
    const next = await orStopped(pages.next(), stop);
    if (next === undefined || next.done === true) return;
    for (const row of next.value) {
      line += 1;
      const cells = cellsOf(row, cloud.fields, isParameter);
      const at = names.map((name) => `${name}=${excerpt(cells[header.indexOf(name)])}`).join(', ');
      yield { place: `${headerPlace} at ${at}`, line, headerPlace, header, cells };
    }
  }
}
