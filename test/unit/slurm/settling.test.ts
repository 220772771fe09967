import { expect, test } from 'vitest';
import { hasUnregisteredNodes } from '../../../slurm/settling.ts';

/** The fields that matter, as SLURM 22.05 prints them. */
const node = (state: string, started: string): string => `NodeName=a CPUTot=4 State=${state} ThreadsPerCore=1 BootTime=${started} SlurmdStartTime=${started} LastBusyTime=None`;
const SINCE = '2026-11-23T18:00:00';

test('after a start of the controller nodes have not registered, also those whose jobs it remembers', () => {
  expect(hasUnregisteredNodes(`${node('IDLE', SINCE)}\n${node('UNKNOWN', 'None')}\n`)).toBe(true);
  expect(hasUnregisteredNodes(node('MIXED', 'None'))).toBe(true);
});

test('nodes that are down or powered off are not waited for', () => {
  expect(hasUnregisteredNodes(`${node('IDLE', SINCE)}\n${node('DOWN*', 'None')}\n${node('IDLE+CLOUD+POWERED_DOWN', 'None')}\n`)).toBe(false);
  expect(hasUnregisteredNodes('')).toBe(false);
});
