import { readFileSync } from 'node:fs';

/** The parsed content of a file in test/fixtures. */
export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'));
}

/** Doubles from the base64 of their little-endian bytes. */
export function doublesFromBase64(text: string): Float64Array {
  return new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}
