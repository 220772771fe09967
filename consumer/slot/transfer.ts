import type { Row, RowValue } from '../../wire/row.ts';

/**
 * The row with every vector in a buffer of its own, and these buffers, ready to be transferred to another
 * thread.
 *
 * A view of a larger buffer, such as a kernel's memory, is copied first: posting it would copy or move all of
 * it.
 */
export function detached(row: Row): { row: Row; buffers: ArrayBuffer[] } {
  const buffers = new Set<ArrayBuffer>();
  const own = (value: RowValue): RowValue => {
    if (!(value instanceof Float64Array)) return value;
    const { buffer } = value;
    const whole =
      buffer instanceof ArrayBuffer && value.byteLength === buffer.byteLength && !buffers.has(buffer);
    const vector = whole ? value : new Float64Array(value);
    buffers.add(vector.buffer as ArrayBuffer);
    return vector;
  };
  const columns = Object.entries(row).map(([name, value]) => [name, own(value)] as const);
  return { row: Object.fromEntries(columns), buffers: [...buffers] };
}
