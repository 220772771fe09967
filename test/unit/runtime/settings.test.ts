import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { SluiceError } from '../../../runtime/errors.ts';
import { BATCH_ROWS, WAITING_JOBS } from '../../../runtime/limits.ts';
import { SETTINGS, resolveSettings, type Layers } from '../../../runtime/settings.ts';

/** The message of the mistake that these layers are. */
function refusal(layers: Layers): string {
  try {
    resolveSettings(layers);
  } catch (error) {
    expect(error).toBeInstanceOf(SluiceError);
    expect(error).toMatchObject({ code: 'bad-setting', exitCode: 2 });
    return (error as SluiceError).message;
  }
  throw new Error('these layers were taken');
}

describe('the rank of settings', () => {
  const layers = {
    options: { table: 'of_option' },
    environment: { TABLE_NAME: 'of_environment' },
    specTable: 'of_spec',
    file: { table: 'of_file' },
    experimentTable: 'of_experiment',
  } satisfies Layers;
  const ranked = ['options', 'environment', 'specTable', 'file', 'experimentTable'] as const;

  test('is option, environment, spec, file, the experiment\'s name, default', () => {
    const remaining: Record<string, unknown> = { ...layers };
    const seen = ranked.map((layer) => {
      const { table } = resolveSettings(remaining);
      delete remaining[layer];
      return table;
    });
    expect(seen).toEqual(['of_option', 'of_environment', 'of_spec', 'of_file', 'of_experiment']);
    expect(resolveSettings(remaining).table).toBe('svd_block');
  });

  test('holds for every setting that has an option: the option before the environment before the file', () => {
    const asked = { options: { threads: '3' }, environment: { SLUICE_THREADS: '4' }, file: { threads: 5 } };
    expect(resolveSettings(asked).threads).toBe(3);
    expect(resolveSettings({ ...asked, options: {} }).threads).toBe(4);
    expect(resolveSettings({ file: asked.file }).threads).toBe(5);
    expect(resolveSettings({}).threads).toBe(availableParallelism());
  });

  test('passes over a variable that is empty, as a shell leaves one that is not set', () => {
    expect(resolveSettings({ environment: { TABLE_NAME: '', SLUICE_THREADS: '' }, file: { table: 'of_file' } })).toMatchObject({ table: 'of_file' });
  });

  test('does not pass over an option that is wrong because another layer is right', () => {
    expect(refusal({ options: { threads: 'x' }, environment: { SLUICE_THREADS: '4' } })).toMatch(/^--threads: "x"/);
  });
});

describe('the values of settings', () => {
  test('are numbers where they count, from texts or numbers, and the limits where nobody says', () => {
    expect(resolveSettings({ environment: { SLUICE_BATCH_ROWS: '7', SLUICE_GRACE: '0.5', SLUICE_BATCH_MS: '0' } })).toMatchObject({ batchRows: 7, grace: 0.5, batchMs: 0 });
    expect(resolveSettings({})).toMatchObject({ batchRows: BATCH_ROWS, waiting: WAITING_JOBS, data: 'data', namespace: 'sluice', logLevel: 'info', redis: undefined });
  });

  test.each([
    [{ options: { threads: '0' } }, /^--threads: "0" is no value for it \(at least 1\); computations at once/],
    [{ options: { threads: '1.5' } }, /a whole number/],
    [{ options: { threads: '1025' } }, /1024/],
    [{ environment: { SLUICE_THREADS: 'abc' } }, /^SLUICE_THREADS: "abc" is no value for it \(a number\)/],
    [{ environment: { SLUICE_GRACE: '-1' } }, /^SLUICE_GRACE: "-1" .*at least 0.*time that a first signal leaves/],
    [{ environment: { TABLE_NAME: 'a b' } }, /^TABLE_NAME: "a b" .*a letter followed by/],
    [{ specTable: 'sqlite_x' }, /^table_name: "sqlite_x" .*reserved/],
    [{ file: { waiting: -5 } }, /^sluice\.config\.json: waiting: -5 /],
    [{ file: { logLevel: 'loud' } }, /^sluice\.config\.json: logLevel: "loud"/],
    [{ file: { data: '' } }, /^sluice\.config\.json: data: ""/],
    [{ file: { thread: 3 } }, /unknown setting "thread"; there are data, table, redis/],
    [{ options: { namespace: 'a:b' } }, /^--namespace: "a:b" .*letters, digits, _ and -/],
  ] as [Layers, RegExp][])('%j is refused with where it came from, the value, the rule and what it is for', (layers, says) => {
    expect(refusal(layers)).toMatch(says);
    expect(refusal(layers)).not.toContain('\n');
  });
});

test('no two settings share a variable, an option or a description', () => {
  const all: { environment: string; option?: string; description: string }[] = Object.values(SETTINGS);
  for (const of of [all.map((one) => one.environment), all.map((one) => one.description), all.flatMap((one) => one.option?.split(' ')[0] ?? [])]) {
    expect(new Set(of).size).toBe(of.length);
  }
});
