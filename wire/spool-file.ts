import { pack, unpack } from 'msgpackr';

/** The folder, beside the database, through which entries come that the stream cannot carry. */
export const SPOOL_FOLDER = 'spool';

/** How the name of a spool file ends once it is whole; before that it has another ending. */
export const SPOOL_SUFFIX = '.entries';

/** Encoded entries as the bytes of a spool file: a MessagePack array of them. */
export function encodeSpool(entries: readonly Buffer[]): Buffer {
  return pack(entries);
}

/** The encoded entries in their order; throws an Error where the file was cut or is none. */
export function decodeSpool(bytes: Buffer): Buffer[] {
  const value: unknown = unpack(bytes);
  if (!Array.isArray(value) || !value.every((item) => Buffer.isBuffer(item))) throw new Error('not a spool file');
  return value;
}
