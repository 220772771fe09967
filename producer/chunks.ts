/**
 * The items in runs that double from `firstSize` up to `size`; the last may be shorter, and there is none where there
 * are no items.
 */
export function* chunksOf<Item>(items: Iterable<Item>, size: number, firstSize = size): Generator<Item[]> {
  let chunk: Item[] = [];
  let wanted = Math.min(firstSize, size);
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < wanted) continue;
    yield chunk;
    chunk = [];
    wanted = Math.min(2 * wanted, size);
  }
  if (chunk.length > 0) yield chunk;
}
