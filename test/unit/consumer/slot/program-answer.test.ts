import { describe, expect, test } from 'vitest';
import { rowOfAnswer } from '../../../../consumer/slot/program-answer.ts';
import { ComputationError } from '../../../../consumer/slot/slot.ts';

const POINT = { n: 3, name: 'x' };

function failureOf(line: string): ComputationError {
  try {
    rowOfAnswer(line, POINT);
  } catch (error) {
    if (error instanceof ComputationError) return error;
    throw error;
  }
  throw new Error(`this was taken for a row: ${line}`);
}

describe('rowOfAnswer', () => {
  test("puts the point's parameters first", () => {
    const row = rowOfAnswer('{"mean": 0.5, "label": "a"}', POINT);
    expect(Object.entries(row)).toEqual([
      ['n', 3],
      ['name', 'x'],
      ['mean', 0.5],
      ['label', 'a'],
    ]);
  });

  test('takes a list of numbers for a vector', () => {
    expect(rowOfAnswer('{"v": [1, 2.5, -3e-7]}', POINT)['v']).toEqual(Float64Array.of(1, 2.5, -3e-7));
  });

  test('takes the line end of Windows', () => {
    expect(rowOfAnswer('{"a": 1}\r', POINT)['a']).toBe(1);
  });

  test("takes what Python's json.dumps prints for NaN and infinities", () => {
    const row = rowOfAnswer('{"a": NaN, "b": Infinity, "c": -Infinity, "v": [1.0, NaN, -Infinity]}', POINT);
    expect([row['a'], row['b'], row['c']]).toEqual([NaN, Infinity, -Infinity]);
    expect(row['v']).toEqual(Float64Array.of(1, NaN, -Infinity));
  });

  test('leaves texts that look like these numbers alone', () => {
    const row = rowOfAnswer(String.raw`{"a": NaN, "NaN": 1, "s": "NaN, -Infinity: \"NaN\" \\"}`, POINT);
    expect(row).toMatchObject({ a: NaN, NaN: 1, s: 'NaN, -Infinity: "NaN" \\' });
  });

  test.each(['{"a": NaNa}', '{"a": aNaN}', '{"a": InfinityNaN}', '{"a": -NaN}', '{NaN: 1}'])(
    'refuses %s, which Python does not print',
    (line) => {
      expect(failureOf(line).code).toBe('bad-output');
    },
  );

  test("fails the point by the program's own message", () => {
    expect(failureOf('{"error": "no convergence"}')).toMatchObject({
      code: 'point-failed',
      message: 'no convergence',
    });
  });

  test('fails the point also where more comes with the message', () => {
    expect(failureOf('{"error": "singular", "trace": "..."}').code).toBe('point-failed');
  });

  test('takes a column named error that holds a number', () => {
    expect(rowOfAnswer('{"error": 1e-12}', POINT)['error']).toBe(1e-12);
  });

  test("bounds the program's message", () => {
    const { message } = failureOf(JSON.stringify({ error: 'x'.repeat(100_000) }));
    expect(message).toHaveLength(4_000);
    expect(message).toMatch(/x \.\.\.$/);
  });

  test.each(['Loading model...', '', '{"a": 1', 'None', "{'a': 1}"])(
    'refuses %j, which is no JSON',
    (line) => {
      expect(failureOf(line)).toMatchObject({
        code: 'bad-output',
        message: expect.stringContaining('not JSON'),
      });
    },
  );

  test.each(['1', '"a"', '[1, 2]', 'null', 'true', 'NaN'])('refuses %s, which is no object', (line) => {
    expect(failureOf(line)).toMatchObject({
      code: 'bad-output',
      message: expect.stringContaining('not a JSON object'),
    });
  });

  test.each([
    ['{"a": {"b": 1}}', 'column "a"'],
    ['{"v": [1, "2"]}', 'column "v"'],
    ['{"v": []}', 'column "v"'],
    ['{"n": 4}', 'column "n"'],
  ])('refuses %s and names the %s', (line, column) => {
    expect(failureOf(line)).toMatchObject({ code: 'bad-output', message: expect.stringContaining(column) });
  });

  test('quotes the beginning of what was printed, on one line', () => {
    const { message } = failureOf(`first\tline ${'x'.repeat(1_000)}`);
    expect(message).toContain(String.raw`"first\tline xxx`);
    expect(message.length).toBeLessThan(300);
    expect(message).not.toMatch(/\n/);
  });
});
