import { pack, unpack } from 'msgpackr';
import { encodeEntry, type Entry } from './entry.ts';

/** The folder, beside the database, through which entries come that the stream cannot carry. */
export const SPOOL_FOLDER = 'spool';

/** How the name of a spool file ends once it is whole; before that it has another ending. */
export const SPOOL_SUFFIX = '.entries';

/** Entries as the bytes of a spool file: a MessagePack array of their encodings. */
export function encodeSpool(entries: readonly Entry[]): Buffer {
  return pack(entries.map(encodeEntry));
}

/** The encoded entries in their order; throws an Error where the file was cut or is none. */
export function decodeSpool(bytes: Buffer): Buffer[] {
  const value: unknown = unpack(bytes);
  if (!Array.isArray(value) || !value.every((item) => Buffer.isBuffer(item))) throw new Error('not a spool file');
  return value;
}
