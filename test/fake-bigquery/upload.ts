import { randomUUID } from 'node:crypto';
import type { JobOrder } from './faults.ts';
import { insertLoad } from './load.ts';
import { Refusal, invalid, notFound } from './refusal.ts';
import type { Answer, Call } from './routes.ts';
import type { World } from './world.ts';
import { parsed } from './written.ts';

/** Every chunk of a resumable upload but the last is a multiple of it (cloud.google.com/bigquery/docs/reference/api-uploads). */
const CHUNK_BYTES = 256 * 1024;

/** Answers `POST /upload/...?uploadType=`: `multipart` has all in one request, `resumable` begins a session. */
export function beginUpload(world: World, call: Call): Answer {
  const uploadType = call.query.get('uploadType');
  if (uploadType === 'multipart') {
    const { metadata, media } = twoParts(call);
    return insertLoad(world, parsed(metadata), media, call.order);
  }
  if (uploadType !== 'resumable') throw invalid(`Invalid upload type: ${uploadType}`);
  const id = randomUUID();
  world.uploads.set(id, { metadata: parsed(call.body), chunks: [], order: call.order });
  const address = `http://${call.headers.host}/upload/bigquery/v2/projects/${world.projectId}/jobs?uploadType=resumable&upload_id=${id}`;
  return { status: 200, headers: { location: address } };
}

/** Answers `PUT` with the next chunk of a session: 308 with what has come, or the job when all has. */
export function continueUpload(world: World, call: Call): Answer {
  const id = call.query.get('upload_id') ?? '';
  const upload = world.uploads.get(id);
  if (upload === undefined) throw notFound(`Upload ${id}`);
  const range = rangeOf(call.headers['content-range'], call.body.length);
  const received = upload.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (range.from !== undefined && range.from !== received) throw invalid(`Invalid request. The upload has ${received} bytes, and the chunk begins at ${range.from}.`);
  const total = received + call.body.length;
  if (range.total === undefined && call.body.length % CHUNK_BYTES !== 0) throw invalid(`Invalid request. The chunk has ${call.body.length} bytes, no multiple of ${CHUNK_BYTES}.`);
  upload.chunks.push(call.body);
  if (range.total !== total) return { status: 308, headers: total > 0 ? { range: `bytes=0-${total - 1}` } : {} };
  world.uploads.delete(id);
  const order: JobOrder = { ...upload.order, ...call.order };
  return insertLoad(world, upload.metadata, Buffer.concat(upload.chunks), order);
}

/** Where the chunk begins (undefined where there is none) and how long all is, where that is known by now. */
function rangeOf(header: string | undefined, bytes: number): { readonly from: number | undefined; readonly total: number | undefined } {
  if (header === undefined) return { from: 0, total: bytes };
  const [, from, to, total] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(header) ?? [];
  if (total === undefined) throw invalid(`Invalid Content-Range: ${header}`);
  if ((from === undefined ? 0 : Number(to) - Number(from) + 1) !== bytes) throw invalid(`Invalid Content-Range: ${header}, of a chunk of ${bytes} bytes`);
  return { from: from === undefined ? undefined : Number(from), total: total === '*' ? undefined : Number(total) };
}

/** The two parts of a `multipart/related` body; throws 400 where it is none, or was cut off before its end. */
function twoParts(call: Call): { readonly metadata: Buffer; readonly media: Buffer } {
  const [, boundary] = /^multipart\/related;.*boundary="?([^";]+)"?/i.exec(call.headers['content-type'] ?? '') ?? [];
  if (boundary === undefined) throw new Refusal(400, 'badContent', 'Media type is not multipart/related with a boundary.');
  const limit = Buffer.from(`--${boundary}`);
  const first = call.body.indexOf(limit);
  const second = call.body.indexOf(limit, first + limit.length);
  const last = call.body.lastIndexOf(`--${boundary}--`);
  if (first < 0 || second < 0 || last <= second) throw new Refusal(400, 'badContent', 'Malformed multipart body.');
  return { metadata: contentOf(call.body.subarray(first, second)), media: contentOf(call.body.subarray(second, last)) };
}

/** A part without its headers and the line break before the next boundary. */
function contentOf(part: Buffer): Buffer {
  return part.subarray(part.indexOf('\r\n\r\n') + 4, part.length - 2);
}
