import { expect, test } from 'vitest';
import { detached } from '../../../../consumer/slot/transfer.ts';

test('a vector that fills its buffer is transferred as it is', () => {
  const v = Float64Array.of(1, 2);
  const { row, buffers } = detached({ n: 1, v, s: 'x' });
  expect(row['v']).toBe(v);
  expect(buffers).toEqual([v.buffer]);
  expect(Object.keys(row)).toEqual(['n', 'v', 's']);
});

test('a view of a larger buffer is copied first', () => {
  const memory = Float64Array.of(1, 2, 3, 4);
  const { row, buffers } = detached({ v: memory.subarray(1, 3) });
  expect(row['v']).toEqual(Float64Array.of(2, 3));
  expect(buffers.map((buffer) => buffer.byteLength)).toEqual([16]);
  expect(buffers).not.toContain(memory.buffer);
});

test('two columns of one vector become two vectors', () => {
  const v = Float64Array.of(1);
  const { row, buffers } = detached({ a: v, b: v });
  expect(row['a']).toEqual(row['b']);
  expect(new Set(buffers).size).toBe(2);
});

test('a vector in shared memory is copied', () => {
  const { row, buffers } = detached({ v: new Float64Array(new SharedArrayBuffer(8)) });
  expect(row['v']).toEqual(Float64Array.of(0));
  expect(buffers[0]).toBeInstanceOf(ArrayBuffer);
});

test('what was transferred arrives with all bits', () => {
  const { row, buffers } = detached({ v: Float64Array.of(NaN, -0, 5e-324, Infinity), x: -0 });
  const arrived = structuredClone(row, { transfer: buffers });
  expect(arrived).toEqual({ v: Float64Array.of(NaN, -0, 5e-324, Infinity), x: -0 });
  expect(buffers[0]?.byteLength).toBe(0);
});
