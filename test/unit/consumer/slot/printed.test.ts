import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { logPrinted, type PrintLog } from '../../../../consumer/slot/printed.ts';

async function logged(text: string) {
  const lines: { line?: string; lines?: number; stream?: string }[] = [];
  const log = {
    info: (fields: object) => lines.push(fields),
    warn: (fields: object) => lines.push(fields),
  } as unknown as PrintLog;
  const stream = new PassThrough();
  const printed = logPrinted(stream, log, { stream: 'stderr' });
  stream.end(text);
  await new Promise((resolve) => stream.on('close', resolve));
  return { lines, printed };
}

describe('logPrinted', () => {
  test('logs line by line, with the fields it was given', async () => {
    const { lines } = await logged('one\ntwo');
    expect(lines).toEqual([
      { stream: 'stderr', line: 'one' },
      { stream: 'stderr', line: 'two' },
    ]);
  });

  test('cuts long lines', async () => {
    const { lines } = await logged('x'.repeat(100_000));
    expect(lines[0]?.line).toHaveLength(2_000);
  });

  test('drops what a chatty loop prints, and counts it', async () => {
    const { lines } = await logged('chatter\n'.repeat(5_000));
    const dropped = lines.reduce((sum, { lines: count = 0 }) => sum + count, 0);
    const kept = lines.filter(({ line }) => line !== undefined).length;
    expect(kept + dropped).toBe(5_000);
    expect(kept).toBeLessThan(1_000);
    expect(dropped).toBeGreaterThan(0);
  });

  test('keeps the last lines for a crash to quote, until the next point', async () => {
    const { printed } = await logged(Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n'));
    expect(printed.lastLines().split('\n')).toEqual(
      Array.from({ length: 10 }, (_, index) => `line ${index + 20}`),
    );
    printed.forget();
    expect(printed.lastLines()).toBe('');
  });
});
