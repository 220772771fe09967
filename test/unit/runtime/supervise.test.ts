import { expect, test } from 'vitest';
import { silentLog } from '../../../runtime/log.ts';
import { supervise, type Part } from '../../../runtime/supervise.ts';

/** A part that the test lets fall. */
interface TestPart extends Part {
  fall(): void;
}

function part(): TestPart {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { ended: promise, fall: resolve, stop: async () => resolve() };
}

/** Starts parts by `start(n)`, n from 0, and tells of each start. */
function factory(start: (n: number) => TestPart | Error) {
  const parts: (TestPart | Error)[] = [];
  let tell = (): void => {};
  return {
    start: async (): Promise<Part> => {
      const next = start(parts.length);
      parts.push(next);
      tell();
      if (next instanceof Error) throw next;
      return next;
    },
    started: async (count: number): Promise<void> => {
      while (parts.length < count) await new Promise<void>((resolve) => (tell = resolve));
    },
    fall: (n: number): void => (parts[n] as TestPart).fall(),
    get count() {
      return parts.length;
    },
  };
}

test('a part that falls is started again, each time', async () => {
  const parts = factory(part);
  const supervised = await supervise('a part', parts.start, silentLog());
  parts.fall(0);
  await parts.started(2);
  parts.fall(1);
  await parts.started(3);
  await supervised.stop();
  expect(parts.count).toBe(3);
});

test('a start that fails later is tried again; the first one\'s failure is the caller\'s', async () => {
  const parts = factory((n) => (n === 1 ? new Error('not now') : part()));
  const supervised = await supervise('a part', parts.start, silentLog());
  parts.fall(0);
  await parts.started(3);
  await supervised.stop();
  await expect(supervise('a part', async () => Promise.reject(new Error('never')), silentLog())).rejects.toThrow('never');
});

test('a stop while a part is being started again stops that one too, and none is started after it', async () => {
  const parts = factory(part);
  const supervised = await supervise('a part', parts.start, silentLog());
  parts.fall(0);
  await supervised.stop();
  expect(parts.count).toBeLessThanOrEqual(2);
  const again = factory(part);
  await (await supervise('a part', again.start, silentLog())).stop();
  expect(again.count).toBe(1);
});
