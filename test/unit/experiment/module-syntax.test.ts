import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const MODULE = fileURLToPath(new URL('../../../experiment/module.ts', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-syntax-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** In a process of Node's own: the test runner imports files in a way of its own. */
function importInNode(file: string, text: string) {
  writeFileSync(join(folder, file), text);
  const script = `import { importExperiment } from ${JSON.stringify(MODULE)};
    importExperiment(${JSON.stringify(join(folder, file))})
      .catch((error) => console.log(error.code, error.message));`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
}

describe('a module that Node cannot read', () => {
  test.each([
    [
      'typescript.ts',
      'export const name = "a";\nconst b: number = ;\n',
      'typescript.ts:2: cannot be imported: Expression expected',
    ],
    [
      'javascript.mjs',
      'export const name = "a";\n\nconst b = ;\n',
      "javascript.mjs:3: cannot be imported: Unexpected token ';'",
    ],
    [
      'enum.ts',
      '\nenum A { b }\n',
      'enum.ts:2: cannot be imported: TypeScript enum is not supported in strip-only mode',
    ],
    ['names.mjs', 'import { nothing } from "node:fs";\n', 'names.mjs:1: cannot be imported: '],
  ])('%s is refused with its file and line', (file, text, message) => {
    const { stdout, stderr } = importInNode(file, text);
    expect(stdout).toContain(`bad-module ${folder}/${message}`);
    expect(stderr).toBe('');
  });
});
