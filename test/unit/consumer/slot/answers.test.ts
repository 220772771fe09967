import { PassThrough } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { MAX_ANSWER_BYTES, readAnswers } from '../../../../consumer/slot/answers.ts';

function open() {
  const stdout = new PassThrough();
  const answers: string[] = [];
  const nonsense: { what: string; output: string }[] = [];
  readAnswers(stdout, {
    onAnswer: (line) => answers.push(line),
    onNonsense: (what, output) => nonsense.push({ what, output }),
  });
  return { stdout, answers, nonsense };
}

describe('readAnswers', () => {
  test('gives one line after another, each once it was quiet', async () => {
    const { stdout, answers, nonsense } = open();
    stdout.write('{"a":1}\n');
    await vi.waitFor(() => expect(answers).toEqual(['{"a":1}']));
    stdout.write('{"a":2}\n');
    await vi.waitFor(() => expect(answers).toEqual(['{"a":1}', '{"a":2}']));
    expect(nonsense).toEqual([]);
  });

  test('puts a line together from pieces that cut a character', async () => {
    const { stdout, answers } = open();
    for (const byte of Buffer.from('{"s":"é"}\n')) stdout.write(Buffer.of(byte));
    await vi.waitFor(() => expect(answers).toEqual(['{"s":"é"}']));
  });

  test('gives the last line at the end of the output, without waiting', async () => {
    const { stdout, answers } = open();
    stdout.end('{"a":1}\n');
    await new Promise((resolve) => stdout.on('close', resolve));
    expect(answers).toEqual(['{"a":1}']);
  });

  test('takes no line whose end is missing', async () => {
    const { stdout, answers, nonsense } = open();
    stdout.end('{"a":1}');
    await new Promise((resolve) => stdout.on('close', resolve));
    expect({ answers, nonsense }).toEqual({ answers: [], nonsense: [] });
  });

  test.each([
    ['in one piece', ['a\nb\n']],
    ['in two pieces', ['a\n', 'b\n']],
    ['in part', ['a\n', 'b']],
  ])('refuses a second line that comes %s', async (_how, pieces) => {
    const { stdout, answers, nonsense } = open();
    for (const piece of pieces) stdout.write(piece);
    await vi.waitFor(() => expect(nonsense).toHaveLength(1));
    expect(nonsense[0]).toMatchObject({
      what: 'followed by more, unasked for',
      output: expect.stringContaining('a\nb'),
    });
    expect(answers).toEqual([]);
  });

  test('refuses bytes that are not UTF-8', async () => {
    const { stdout, answers, nonsense } = open();
    stdout.end(Buffer.of(0x22, 0xff, 0x22, 0x0a));
    await vi.waitFor(() => expect(nonsense).toHaveLength(1));
    expect(nonsense[0]?.what).toBe('not UTF-8');
    expect(answers).toEqual([]);
  });

  test('refuses a line over the limit once, reads on, and quotes its beginning', async () => {
    const { stdout, answers, nonsense } = open();
    const mebibyte = Buffer.alloc(2 ** 20, 'x');
    for (let sent = 0; sent < MAX_ANSWER_BYTES + 4 * mebibyte.length; sent += mebibyte.length) {
      if (!stdout.write(mebibyte)) await new Promise((resolve) => stdout.once('drain', resolve));
    }
    stdout.end('\n');
    await new Promise((resolve) => stdout.on('close', resolve));
    expect(nonsense).toEqual([{ what: 'longer than 64 MB', output: 'x'.repeat(400) }]);
    expect(answers).toEqual([]);
  });
});
