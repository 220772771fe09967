import { SluiceError, messageOf } from '../runtime/errors.ts';
import type { RawEntry } from './dead-letters.ts';
import type { BatchResult } from './tally.ts';

/** A batch as it crosses to the writer's thread: all bytes in one buffer, which is handed over, not copied. */
export interface PackedBatch {
  readonly ids: readonly string[];
  /** Length of each entry's bytes, in the order of `ids`. */
  readonly lengths: readonly number[];
  readonly bytes: ArrayBuffer;
}

/** What is asked of the thread, one at a time. */
export type WriterOrder = { readonly kind: 'apply'; readonly batch: PackedBatch } | { readonly kind: 'close' };

/** What it answers: once when it has opened the database, and once to every order. */
export type WriterAnswer =
  | { readonly kind: 'done'; readonly result: BatchResult | undefined }
  | { readonly kind: 'fault'; readonly code: string; readonly message: string; readonly exitCode: number };

/** The batch, copied into one buffer of its own: entries are slices of a connection's larger buffers. */
export function packBatch(batch: readonly RawEntry[]): PackedBatch {
  const lengths = batch.map(({ bytes }) => bytes.length);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let offset = 0;
  for (const entry of batch) {
    bytes.set(entry.bytes, offset);
    offset += entry.bytes.length;
  }
  return { ids: batch.map(({ id }) => id), lengths, bytes: bytes.buffer };
}

/** The entries of a packed batch; their bytes are views of its buffer. */
export function unpackBatch({ ids, lengths, bytes }: PackedBatch): RawEntry[] {
  let offset = 0;
  return ids.map((id, index) => {
    const length = lengths[index] ?? 0;
    const entry = { id, bytes: Buffer.from(bytes, offset, length) };
    offset += length;
    return entry;
  });
}

/** An error as it crosses back. */
export function faultOf(error: unknown): WriterAnswer {
  if (error instanceof SluiceError) return { kind: 'fault', code: error.code, message: error.message, exitCode: error.exitCode };
  return { kind: 'fault', code: 'writer', message: `the writer of the database failed: ${messageOf(error)}`, exitCode: 1 };
}
