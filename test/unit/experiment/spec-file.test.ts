import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSpecFile } from '../../../experiment/spec-file.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-spec-file-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function written(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('readSpecFile', () => {
  test("reads a spec whose paths start at the file's folder", async () => {
    const spec = await readSpecFile(
      written('good.json', '{"experiment": "./mine.ts", "params": [{"a": [1]}]}'),
    );
    expect(spec.experiment).toEqual({ kind: 'module', path: join(folder, 'mine.ts') });
  });

  test('takes what was said beside the file, paths from the working folder', async () => {
    const path = written('beside.json', '{"params": [{"a": [1]}], "table_name": "x"}');
    const spec = await readSpecFile(path, { table: 'y', experiment: 'mine.js' });
    expect([spec.table, spec.experiment]).toEqual(['y', { kind: 'module', path: resolve('mine.js') }]);
  });

  test('takes a file that begins with a byte-order mark', async () => {
    await expect(readSpecFile(written('bom.json', '\uFEFF{"params": [{"a": [1]}]}'))).resolves.toBeDefined();
  });

  test.each([
    [
      'comma.json',
      '{\n  "params": [\n    {"a": [1,]}\n  ]\n}',
      /comma\.json: not JSON: line 3, column 14: unexpected "\]\}"/,
    ],
    [
      'nan.json',
      '{"params": [{"a": [NaN]}]}',
      /nan\.json: not JSON: line 1, column 20: unexpected "NaN\]\}\]\}"/,
    ],
    ['empty.json', '', /empty\.json: not JSON: line 1, column 1: unexpected the end of the file/],
    ['cut.json', '{"params": [\n', /cut\.json: not JSON: line 1, column 13: unexpected the end of the file/],
    ['python.json', "{'params': []}", /line 1, column 2: unexpected "'params': \[\]\}"/],
    ['rule.json', '{"params": []}', /rule\.json: params: the list is empty/],
  ])('refuses %s in one line that says where', async (name, text, message) => {
    const reading = readSpecFile(written(name, text));
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toMatchObject({
      code: 'bad-spec',
      exitCode: 2,
      message: expect.not.stringContaining('\n'),
    });
  });

  test('says that there is no such file', async () => {
    const path = join(folder, 'none.json');
    await expect(readSpecFile(path)).rejects.toMatchObject({
      code: 'no-such-spec',
      exitCode: 2,
      message: `${path}: no such file; a spec is a JSON file`,
    });
    await expect(readSpecFile(join(written('file', 'x'), 'none.json'))).rejects.toMatchObject({
      code: 'no-such-spec',
    });
  });

  test('says that a folder is no spec', async () => {
    mkdirSync(join(folder, 'sub'));
    await expect(readSpecFile(join(folder, 'sub'))).rejects.toThrow(
      /sub: a spec is a JSON file, found a folder/,
    );
  });

  test('refuses a file above 64 MB before reading it', async () => {
    const path = written('big.json', '');
    truncateSync(path, 65 * 2 ** 20);
    await expect(readSpecFile(path)).rejects.toThrow(/at most 64 MB, found 65 MB/);
  });
});
