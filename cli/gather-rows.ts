import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { gatherAll, type Gathered } from '../gather/gather.ts';
import type { Notes } from '../gather/gather-source.ts';
import type { Source } from '../gather/source.ts';
import type { Log } from '../runtime/log.ts';
import { removeUnfinished } from '../runtime/spool.ts';
import { databasePath } from '../store/open.ts';
import { openStoreIfPresent, type Store } from '../store/store.ts';
import { pointKey } from '../wire/point.ts';
import type { GatherSubject } from './gather-subject.ts';
import { openSpoolSink } from './spool-sink.ts';

/** Rows that are to be gathered, and where they go. */
export interface GatherOrder {
  readonly data: string;
  readonly table: string;
  readonly sources: readonly Source[];
  readonly subject: GatherSubject;
  readonly notes?: Notes | undefined;
  readonly log: Log;
  readonly stop: AbortSignal;
}

/** Gathers the sources into the database of the folder `data`, by the sink that is at work there or in the place of one. */
export async function gatherRows({ data, table, sources, subject, notes, log, stop }: GatherOrder): Promise<Gathered> {
  await using sink = openSpoolSink(data, stop, log);
  removeUnfinished(data);
  if (existsSync(databasePath(data))) await sink.ready();
  using held = new DisposableStack();
  let opened: Store | undefined;
  held.defer(() => opened?.close());
  const store = (): Store | undefined => (opened ??= openStoreIfPresent(data));
  const { definition } = subject;
  const isStored = (point: Parameters<typeof pointKey>[1]): boolean => store()?.recorded(table, [pointKey(definition.name, point)])[0] === 'stored';
  const consumer = `${hostname()}:${process.pid}:gather-${Date.now().toString(36)}`;
  const committed = async (files: readonly string[]): Promise<void> => await sink.committed(files);
  return await gatherAll(sources, { ...subject, isStored }, { data, table, definition, consumer, store, committed, stop, notes });
}
