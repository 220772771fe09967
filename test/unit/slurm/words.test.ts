import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clusterName } from '../../../slurm/cluster-name.ts';
import { jobNameFor, logFileOf } from '../../../slurm/job-name.ts';
import { noticeFor } from '../../../slurm/launch-options.ts';
import { directiveWord, fileNamePattern, shellWord } from '../../../slurm/quote.ts';
import { slurmEnvironment } from '../../../slurm/slurm-environment.ts';
import { walltimeSeconds, walltimeText } from '../../../slurm/walltime.ts';

test.each(['plain', 'two words', "o'hara", '$(id) `id` "x"', 'a\\b', '', 'line\nbreak', '-x', '*'])('a shell reads %j back as one word', (text) => {
  expect(execFileSync('bash', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
});

test('an #SBATCH line quotes what has a space, a quote, a backslash or a # in it', () => {
  expect(directiveWord('avx512')).toBe('avx512');
  expect(directiveWord('a b')).toBe('"a b"');
  expect(directiveWord('say "hi" \\ #1')).toBe('"say \\"hi\\" \\\\ #1"');
});

test('a percent sign of a path stands for itself', () => {
  expect(fileNamePattern('/a/100%/b')).toBe('/a/100%%/b');
});

test.each([
  ['30', 1_800], ['02:30', 150], ['01:00:00', 3_600], ['1-12', 129_600], ['1-12:30', 131_400], ['2-00:00:01', 172_801],
  ['0', undefined], ['', undefined], ['1h', undefined], ['-5', undefined], ['1:2:3:4', undefined], ['infinite', Infinity], ['UNLIMITED', Infinity], ['forever', undefined],
])('the walltime %j is %j seconds', (text, seconds) => {
  expect(walltimeSeconds(text)).toBe(seconds);
});

test.each([['5', '5 min'], ['01:00:00', '1 h'], ['1-12:30', '1 d 12 h 30 min'], ['2-00:00:01', '2 d 1 s'], ['UNLIMITED', 'unlimited']])('the walltime %j is read as %j', (text, read) => {
  expect(walltimeText(text)).toBe(read);
});

test('a job is warned a minute before its end, a short one a quarter of its time', () => {
  expect([Infinity, 3_600, 240, 120, 60, 1].map(noticeFor)).toEqual([60, 60, 60, 30, 15, 1]);
});

test('jobs of a table have one name in a data folder, and another in another; those of several tables share one', () => {
  expect(jobNameFor(['t'], '/a')).toMatch(/^sluice-t-[0-9a-f]{6}$/);
  expect(jobNameFor(['t'], '/a')).toBe(jobNameFor(['t'], '/a'));
  expect(jobNameFor(['t'], '/b')).not.toBe(jobNameFor(['t'], '/a'));
  expect(jobNameFor([], '/a')).toBe(jobNameFor(['t', 'u'], '/a'));
  expect(logFileOf('/a', 'sluice-t-1a2b3c', '12_3')).toBe('/a/logs/sluice-t-1a2b3c-12_3.log');
});

test('sbatch is given no URL of a Redis, no cloud credentials, and nothing of a job that we are in ourselves', () => {
  const given = { PATH: '/bin', REDIS_URL: 'redis://:secret@x', GOOGLE_APPLICATION_CREDENTIALS: '/k.json', SLURM_CONF: '/c', SLURM_JOB_ID: '7', SLURM_CPUS_PER_TASK: '2', SBATCH_PARTITION: 'p' };
  expect(slurmEnvironment(given)).toEqual({ PATH: '/bin', SLURM_CONF: '/c', SBATCH_PARTITION: 'p' });
});

test("variables that would filter SLURM's answers are not given to its commands", () => {
  expect(slurmEnvironment({ SQUEUE_STATES: 'R', SQUEUE_FORMAT2: 'x', SCANCEL_STATE: 'R', SINFO_FORMAT: 'x', HOME: '/h' })).toEqual({ HOME: '/h' });
});

describe('the word for a cluster', () => {
  test('is the name in its configuration, or of those that the commands are told to ask, and fits a file', () => {
    expect(clusterName({ SLURM_CONF: join(import.meta.dirname, 'golden', 'slurm.conf') })).toBe('blue');
    expect(clusterName({ SLURM_CONF_SERVER: 'ctl1:6817,ctl2' })).toBe('ctl1_6817_ctl2');
    expect(clusterName({ SLURM_CONF: '/none', SLURM_CLUSTERS: 'green' })).toBe('green');
  });

  test("is the host's name where no configuration is found", () => {
    expect(clusterName({ SLURM_CONF: '/none' })).toBe(hostname());
  });
});

describe('variables for sbatch, which override the lines of a script', () => {
  const visible = (names: readonly string[], script = ''): string[] => Object.keys(slurmEnvironment(Object.fromEntries(names.map((name) => [name, 'x'])), script));

  test('are not given to it where the script says the same', () => {
    const names = ['PARTITION', 'ACCOUNT', 'TIMELIMIT', 'JOB_NAME', 'OUTPUT', 'ERROR', 'SIGNAL', 'NO_REQUEUE', 'REQUEUE', 'ARRAY_INX', 'OPEN_MODE', 'CONSTRAINT', 'EXCLUSIVE', 'MEM_PER_NODE', 'MEM_PER_CPU', 'QOS'];
    expect(visible(names.map((name) => `SBATCH_${name}`), golden('large'))).toEqual([]);
  });

  test('are given where it does not, as are those of a user who types no account', () => {
    const own = ['SBATCH_ACCOUNT', 'SBATCH_PARTITION', 'SBATCH_CONSTRAINT', 'SBATCH_QOS', 'SBATCH_EXCLUSIVE', 'SBATCH_EXPORT'];
    expect(visible([...own, 'SBATCH_TIMELIMIT', 'SBATCH_MEM_PER_NODE'], golden('array'))).toEqual(own);
    expect(visible(own, '#SBATCH -pbatch\n#SBATCH -q high\n')).toEqual(['SBATCH_ACCOUNT', 'SBATCH_CONSTRAINT', 'SBATCH_EXCLUSIVE', 'SBATCH_EXPORT']);
  });

  test('are never given where they would change what a job is, or keep sbatch until its end', () => {
    expect(visible(['SBATCH_ARRAY_INX', 'SBATCH_WAIT', 'SBATCH_WAIT_ALL_NODES'])).toEqual(['SBATCH_WAIT_ALL_NODES']);
  });

  test('name the cluster of all commands', () => {
    expect(slurmEnvironment({ SBATCH_CLUSTERS: 'a' })).toEqual({ SLURM_CLUSTERS: 'a' });
    expect(slurmEnvironment({ SBATCH_CLUSTERS: 'a', SLURM_CLUSTERS: 'b' })).toEqual({ SLURM_CLUSTERS: 'b' });
  });
});

/** A recorded script of a launch. */
function golden(name: string): string {
  return readFileSync(new URL(`golden/${name}.sh`, import.meta.url), 'utf8');
}
