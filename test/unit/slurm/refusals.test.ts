import { expect, test } from 'vitest';
import { EXIT } from '../../../runtime/errors.ts';
import { gaveNoAnswer, refusalOf, wasNotHeard } from '../../../slurm/refusals.ts';

const said = (stderr: string, code: number | null = 1) => ({ code, stdout: '', stderr });

test.each([
  ['allocation failure: Invalid partition name specified', 'slurm-partition', EXIT.mistake],
  ['sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified', 'slurm-account', EXIT.mistake],
  ['sbatch: error: Batch job submission failed: Invalid qos specification', 'slurm-qos', EXIT.mistake],
  ['sbatch: error: Invalid --time specification', 'slurm-time', EXIT.mistake],
  ['sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)', 'slurm-time', EXIT.mistake],
  ['sbatch: error: Memory specification can not be satisfied', 'slurm-memory', EXIT.mistake],
  ['allocation failure: Requested node configuration is not available', 'slurm-resources', EXIT.mistake],
  ['sbatch: error: Batch job submission failed: Invalid feature specification', 'slurm-constraint', EXIT.mistake],
  ['sbatch: error: Batch job submission failed: Invalid job array specification', 'slurm-array', EXIT.mistake],
  ["sbatch: unrecognized option '--nonsense'\nTry \"sbatch --help\" for more information", 'slurm-option', EXIT.mistake],
  ['sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user\'s size and/or time limits)', 'slurm-policy', EXIT.failed],
  ['sbatch: error: resolve_ctls_from_dns_srv: res_nsearch error: Host name lookup failure\nsbatch: error: fetch_config: DNS SRV lookup failed\nsbatch: fatal: Could not establish a configuration source', 'no-slurm', EXIT.failed],
  ['sbatch: error: Batch job submission failed: Something that nobody has seen', 'slurm-refuses', EXIT.failed],
])('%j is told in one line as %s', (stderr, code, exitCode) => {
  const error = refusalOf('sbatch', said(stderr));
  expect(error).toMatchObject({ code, exitCode });
  expect(error.message).not.toContain('\n');
  expect(error.message).toContain('sbatch');
});

test('a controller that cannot be reached has not heard the command; one that fell silent may have', () => {
  const away = said('sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)');
  const silent = said('sbatch: error: Batch job submission failed: Socket timed out on send/recv operation');
  expect([wasNotHeard(away), gaveNoAnswer(away)]).toEqual([true, true]);
  expect([wasNotHeard(silent), gaveNoAnswer(silent)]).toEqual([false, true]);
  expect(refusalOf('sbatch', away)).toMatchObject({ code: 'slurm-unreachable', message: expect.not.stringContaining('may have taken') as string });
  expect(refusalOf('sbatch', silent)).toMatchObject({ code: 'slurm-unreachable', message: expect.stringContaining('may have taken') as string });
  expect(gaveNoAnswer(said('', null))).toBe(true);
});
