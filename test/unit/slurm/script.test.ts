import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { brokerScript, type BrokerJobOptions } from '../../../slurm/broker-script.ts';
import { WAYS, type LaunchOptions } from '../../../slurm/launch-options.ts';
import { standingScript } from '../../../slurm/standing.ts';
import { launchedScript } from '../../../slurm/submit.ts';

const PLAIN: LaunchOptions = {
  way: 'array',
  name: 'sluice-svd_block-1a2b3c',
  tables: ['svd_block'],
  tasks: 12,
  cpus: 1,
  mem: undefined,
  time: '01:00:00',
  sbatch: [],
  idleExitSeconds: 30,
  jitterSeconds: 5,
  graceSeconds: 10,
  noticeSeconds: 60,
  insecurePlain: false,
  places: { checkout: '/home/ada/sluice', node: '/home/ada/sluice/node', connection: '/home/ada/.sluice/sluice/broker.json', logs: '/home/ada/sluice/data/logs' },
};

/** Everything asked for at once, with texts that a shell and sbatch would take apart. */
const RICH: LaunchOptions = {
  ...PLAIN,
  way: 'large',
  tables: ['one', 'two'],
  tasks: 1,
  cpus: undefined,
  mem: '16G',
  time: '1-12',
  partition: 'bigmem',
  account: "o'hara lab",
  constraint: 'avx512&ib',
  setup: 'ml python/3.12\nexport OMP_NUM_THREADS=1',
  sbatch: ['--qos=high', '--mail-user=ada@example.org', '--comment=50% of "it" # all'],
  insecurePlain: true,
  places: { checkout: "/home/ada/my 'own' sluice", node: '/opt/node 26/bin/node', connection: '/home/ada/100%/broker.json', logs: '/home/ada/100%/logs' },
};

const GOLDEN: readonly (readonly [string, LaunchOptions])[] = [
  ['array', PLAIN],
  ['cluster', { ...PLAIN, way: 'cluster', tasks: 3, cpus: undefined }],
  ['large', RICH],
];

/** A broker with everything asked for at once. */
const BROKER: BrokerJobOptions = {
  ...RICH,
  name: 'sluice.broker-1a2b3c',
  cpus: 2,
  places: RICH.places!,
  connection: "/home/ada/my 'own' data/broker.json",
  up: ['--data', "/home/ada/my 'own' data", '--host', 'auto', '--insecure-plain'],
};

/** The text of a file of this repository; with RECORD=1 it is written first. */
function recorded(path: string, text: string): string {
  const file = new URL(`../../../${path}`, import.meta.url);
  if (process.env['RECORD'] === '1') writeFileSync(file, text);
  return readFileSync(file, 'utf8');
}

const AGAIN = 'if the change is meant: RECORD=1 npx vitest run --project unit test/unit/slurm/script.test.ts';

test.each(GOLDEN)('launch %s writes the recorded script', (name, options) => {
  const script = launchedScript(options);
  expect(script, AGAIN).toBe(recorded(`test/unit/slurm/golden/${name}.sh`, script));
});

test('up --as-job writes the recorded script', () => {
  const script = brokerScript(BROKER);
  expect(script, AGAIN).toBe(recorded('test/unit/slurm/golden/broker.sh', script));
});

test.each(WAYS)('slurm/%s.sbatch is what launch writes for the defaults, with comments and paths of the place of submission', (way) => {
  const script = standingScript(way);
  expect(script, AGAIN).toBe(recorded(`slurm/${way}.sbatch`, script));
});

describe('every script', () => {
  const scripts = [...GOLDEN.map(([, options]) => launchedScript(options)), ...WAYS.map(standingScript), brokerScript(BROKER)];

  test('has its directives before the first command, or sbatch would not see them', () => {
    for (const script of scripts) {
      const lines = script.split('\n');
      const first = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
      expect(lines.findLastIndex((line) => line.startsWith('#SBATCH'))).toBeLessThan(first);
    }
  });

  test('begins its process in the background, where its traps run, and names no URL', () => {
    for (const script of scripts) {
      expect(script).toMatch(/^"\$node" "\$checkout\/(dist\/consumer|cli\/sluice)\.mjs" .*&$/m);
      expect(script).not.toMatch(/rediss?:\/\//);
    }
  });
});
