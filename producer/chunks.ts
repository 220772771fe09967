/**
 * The items in runs of `size`, the first of `firstSize` where that is smaller; the last may be shorter, and there is
 * none where there are no items.
 */
export function* chunksOf<Item>(items: Iterable<Item>, firstSize: number, size: number): Generator<Item[]> {
  let chunk: Item[] = [];
  let wanted = Math.min(firstSize, size);
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < wanted) continue;
    yield chunk;
    chunk = [];
    wanted = size;
  }
  if (chunk.length > 0) yield chunk;
}
