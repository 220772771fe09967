import { z } from 'zod';
import type { Answer, Call } from './routes.ts';
import { Refusal, duplicate, invalid } from './refusal.ts';
import { type Dataset, type World, datasetOf } from './world.ts';
import { written } from './written.ts';

const REFERENCE = z.strictObject({ projectId: z.string().optional(), datasetId: z.string() });

const WRITTEN_DATASET = z.strictObject({
  datasetReference: REFERENCE,
  location: z.string().optional(),
  friendlyName: z.string().optional(),
  description: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  defaultTableExpirationMs: z.string().optional(),
});

/** Where a dataset is that names no place. */
const DEFAULT_LOCATION = 'US';

/** Answers `POST datasets`: 409 where there is one of this name. */
export function insertDataset(world: World, call: Call): Answer {
  const { datasetReference, location = DEFAULT_LOCATION, ...details } = written(WRITTEN_DATASET, call.body);
  const id = datasetReference.datasetId;
  if ((datasetReference.projectId ?? world.projectId) !== world.projectId) throw invalid(`Invalid project ID '${datasetReference.projectId}'.`);
  if (!/^\w{1,1024}$/.test(id)) throw invalid(`Invalid dataset ID "${id}". Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.`);
  if (world.datasets.has(id)) throw duplicate(`Dataset ${world.projectId}:${id}`);
  const dataset: Dataset = { id, location, details, createdMs: world.clock.now(), tables: new Map() };
  world.datasets.set(id, dataset);
  return { status: 200, body: resource(world, dataset) };
}

/** Answers `GET datasets/D`. */
export function getDataset(world: World, call: Call): Answer {
  return { status: 200, body: resource(world, datasetOf(world, call.params.dataset ?? '')) };
}

/** Answers `DELETE datasets/D`: 400 `resourceInUse` where it has tables and `deleteContents` is not `true`. */
export function deleteDataset(world: World, call: Call): Answer {
  const { id, tables } = datasetOf(world, call.params.dataset ?? '');
  const inUse = `Dataset ${world.projectId}:${id} is still in use`;
  if (tables.size > 0 && call.query.get('deleteContents') !== 'true') throw new Refusal(400, 'resourceInUse', inUse);
  world.datasets.delete(id);
  return { status: 204 };
}

function resource(world: World, { id, location, details, createdMs }: Dataset): unknown {
  return {
    ...details,
    kind: 'bigquery#dataset',
    etag: `fake-${createdMs}`,
    id: `${world.projectId}:${id}`,
    datasetReference: { projectId: world.projectId, datasetId: id },
    location,
    creationTime: String(createdMs),
    lastModifiedTime: String(createdMs),
    type: 'DEFAULT',
  };
}
