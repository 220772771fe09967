import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { everythingIn, expectRefusal } from '../bad-input/refusal.ts';
import { startCommand } from '../harness/command.ts';
import { openWorkspace } from '../harness/workspace.ts';

const SLUICE = join(import.meta.dirname, '..', '..', '..', 'cli', 'sluice.mjs');

test('init writes what it is given, for its owner alone, and the next command follows it', async () => {
  await using space = openWorkspace('init');
  const file = join(space.folder, 'sluice.config.json');
  const settings = { data: 'rows', table: 'su_id_hw5', threads: 1, partition: 'normal' };
  const line = ['--data', 'rows', '--table', 'su_id_hw5', '--threads', '1', '--partition', 'normal'];
  expect(await space.json(['init', ...line])).toEqual({ file, settings });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(settings);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const run = await space.json(['run', '--blocks', '2', '--nrow', '4', '--ncol', '3']);
  expect(run).toMatchObject({ table: 'su_id_hw5', threads: 1, database: join(space.folder, 'rows', 'sluice.db3') });
  const launch = await space.json(['launch', 'array', '--dry-run']);
  expect(launch['script']).toContain('#SBATCH --partition=normal');
});

test('init never replaces a file unless it is told to, and writes nothing for a bad value or for none', async () => {
  await using space = openWorkspace('init-again');
  for (const line of [['--table', "x'; DROP TABLE t"], ['--threads', 'many'], ['--account', 'a\nb']]) {
    expectRefusal(await space.sluice('init', '--json', ...line).ended, { exit: 2, code: 'bad-setting', says: /is no value for it/ });
  }
  expectRefusal(await space.sluice('init', '--json').ended, { exit: 2, code: 'bad-option', says: /nothing to write: give settings/ });
  expect(everythingIn(space.folder)).toEqual([]);
  const file = space.file('sluice.config.json', '{ not JSON');
  expectRefusal(await space.sluice('init', '--json', '--table', 't').ended, { exit: 2, code: 'settings-exist', says: /is there already and was left as it is; --force/ });
  expect(readFileSync(file, 'utf8')).toBe('{ not JSON');
  expect(await space.json(['init', '--force', '--table', 't'])).toMatchObject({ settings: { table: 't' } });
  expect(everythingIn(space.folder)).toEqual(['sluice.config.json']);
});

/** A terminal for a command needs util-linux's script. */
const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

test.skipIf(!hasTerminal && process.env['CI'] === undefined)('init asks at a terminal (needs util-linux\'s script)', async () => {
  await using space = openWorkspace('init-asks');
  // More empty answers than there will be settings to ask for.
  const answers = `'\\nsu_id_hw5${'\\n'.repeat(40)}'`;
  const environment = { ...process.env, NODE: process.execPath, SLUICE };
  const shell = startCommand('sh', ['-c', `printf ${answers} | script -qec '"$NODE" "$SLUICE" init' /dev/null`], space.folder, environment);
  const end = await shell.ended;
  expect(end).toMatchObject({ code: 0 });
  expect(end.stdout).toMatch(/table: table that the rows go to [^]*sluice\.config\.json written with table/);
  expect(JSON.parse(readFileSync(join(space.folder, 'sluice.config.json'), 'utf8'))).toEqual({ table: 'su_id_hw5' });
});
