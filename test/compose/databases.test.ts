import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { startCommand } from '../system/harness/command.ts';
import { CHECKOUT } from './harness/engine.ts';

/** Those of the system's tests that ask most of a Redis: filling, leases, sinks, a fall and a return. */
const FILES = ['producer/fill', 'resume/lease', 'resume/sinks', 'resume/starting'].map((name) => `test/system/${name}.test.ts`);

/** Vitest's own variables, which a second Vitest must not see, and what would choose another Redis. */
const FOREIGN = /^(VITEST.*|NODE_OPTIONS|NODE_V8_COVERAGE|REDIS_URL|SLUICE_.*)$/;

test.each(['redis:7', 'valkey/valkey:8'])("the system's tests pass on %s, in containers that testcontainers starts", async (image) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-databases-'));
  try {
    const report = join(folder, 'report.json');
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
    const vitest = join(CHECKOUT, 'node_modules', 'vitest', 'vitest.mjs');
    const parameters = [vitest, 'run', '--project', 'system', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...FILES];
    const end = await startCommand(process.execPath, parameters, CHECKOUT, { ...inherited, ...inject('engine'), SLUICE_TEST_REDIS: image }).ended;
    expect(end.code, end.stdout + end.stderr).toBe(0);
    const { numPassedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numPendingTests: number };
    expect({ numPassedTests, numPendingTests }).toEqual({ numPassedTests: expect.toSatisfy((count: number) => count > 15), numPendingTests: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
