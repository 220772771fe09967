import { badFile } from './source.ts';

const LINE_FEED = 0x0a;

/** First byte of those that continue a character, and the mask that tells them. */
const CONTINUATION = 0x80;
const CONTINUATION_MASK = 0xc0;

/** The same pieces of the file `name`, seen to be UTF-8; throws `bad-file` with the line of the first byte that is not. */
export async function* checkedUtf8(pieces: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const check = (piece: Buffer, isLast: boolean): void => {
    try {
      decoder.decode(piece, { stream: !isLast });
    } catch {
      throw badFile(`${name}:${line + lineFeeds(piece.subarray(0, firstFault(piece)))}`, 'it is not UTF-8; save the file as UTF-8 text');
    }
  };
  for await (const piece of pieces) {
    check(piece, false);
    line += lineFeeds(piece);
    yield piece;
  }
  check(Buffer.alloc(0), true);
}

/** Where in `piece` the first character stands that is none; a character that began in the piece before is passed over. */
function firstFault(piece: Buffer): number {
  const begun = piece.findIndex((byte) => (byte & CONTINUATION_MASK) !== CONTINUATION);
  const text = piece.subarray(Math.max(0, begun)).toString('utf8');
  const at = text.indexOf('\uFFFD');
  return at < 0 ? piece.length : begun + Buffer.byteLength(text.slice(0, at));
}

function lineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
