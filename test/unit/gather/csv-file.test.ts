import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { csvFile } from '../../../gather/csv-file.ts';
import type { SourceCell } from '../../../gather/source.ts';

function fileOf(content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-csv-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'f.csv');
  writeFileSync(path, content);
  return path;
}

/** Lines and cells of all records. */
async function read(content: string | Buffer): Promise<[line: number, ...cells: SourceCell[]][]> {
  const all: [number, ...SourceCell[]][] = [];
  for await (const { line, cells } of csvFile(fileOf(content)).records()) all.push([line, ...cells]);
  return all;
}

describe('csvFile(path)', () => {
  test.each([
    ['LF', 'a,b\n1,x\n2,y\n', [[2, 1, 'x'], [3, 2, 'y']]],
    ['CRLF and a mark', '\uFEFFa,b\r\n1,x\r\n2,y\r\n', [[2, 1, 'x'], [3, 2, 'y']]],
    ['LF and CRLF mixed, as where files of two systems were joined', 'a,b\n1,x\r\n2,"x"\r\n3,x\n', [[2, 1, 'x'], [3, 2, 'x'], [4, 3, 'x']]],
    ['no line feed at the end', 'a,b\n1,x', [[2, 1, 'x']]],
    ['empty lines', 'a,b\n\n1,x\n\n', [[3, 1, 'x']]],
    ['quotes', '"a","b"\n1,"x, ""y"""\n', [[2, 1, 'x, "y"']]],
    ['text of two lines', 'a,b\n1,"x\ny"\n2,z\n', [[3, 1, 'x\ny'], [4, 2, 'z']]],
    ['empty cells', 'a,b\n,\n', [[2, null, null]]],
  ])('reads a file with %s', async (_, content, expected) => {
    expect(await read(content)).toEqual(expected);
  });

  test('reads the same from pieces that part characters', async () => {
    const text = 'ä€𝄞'.repeat(60_000);
    expect(await read(`a,b\n1,${text}\n2,x\n`)).toEqual([[2, 1, text], [3, 2, 'x']]);
  });

  test.each<[what: string, content: string | Buffer, says: RegExp]>([
    ['nothing', '', /f\.csv: it is empty; expected a header and rows$/],
    ['a header alone', 'a,b\n', /f\.csv: it has a header and no rows$/],
    ['lines that end with CR alone', 'a,b\r1,2\r', /f\.csv: it has a header and no rows$/],
    ['a short line', 'a,b\n1,2\n3\n', /f\.csv:3: expected 2 cells as in the header, found 1$/],
    ['a long line', 'a,b\n1,2\n3,4,5\n', /f\.csv:3: expected 2 cells as in the header, found 3$/],
    ['a quote without end', 'a,b\n1,"x\n2,y\n', /f\.csv:\d: a quoted text begins here, or before, and does not end$/],
    ['a quote within', 'a,b\n1,x"y\n', /f\.csv:2: a quote stands within a text that is not quoted$/],
    ['something behind a quote', 'a,b\n1,"x"y\n', /f\.csv:2: a quoted text is followed by something other/],
    ['Latin-1', Buffer.from('a,b\n1,x\n2,caf\u00e9\n', 'latin1'), /f\.csv:3: it is not UTF-8/],
    ['UTF-16', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'), /f\.csv:1: it is not UTF-8/],
    ['half a character at its end', Buffer.concat([Buffer.from('a\nx'), Buffer.from('€').subarray(0, 2)]), /f\.csv:2: it is not UTF-8/],
    ['an integer too large', 'a,b\n1,12345678901234567890\n', /f\.csv:2: column "b": expected a number that a double holds/],
  ])('refuses %s, and names the line', async (_, content, says) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'bad-file', message: expect.stringMatching(says) as string });
  });

  test('names the line of a byte that is not UTF-8 far into a large file', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index},ä€`);
    const content = Buffer.from(`a,b\n${lines.join('\n')}\n`);
    const at = content.indexOf('\n29000,') + 1;
    content[at] = 0xff;
    await expect(read(content)).rejects.toMatchObject({ message: expect.stringMatching(/f\.csv:29002: it is not UTF-8/) as string });
  });
});
