import { describe, expect, test } from 'vitest';
import { explain } from '../../../monitor/explain.ts';
import type { Facts } from '../../../monitor/facts.ts';
import { NOTHING_QUEUED, type TableStatus } from '../../../monitor/status.ts';
import { seen, standing } from './seen.ts';

const NOW = new Date(2026, 10, 23, 10, 30).getTime();

/** A table under way on one busy consumer of SLURM, with `changes`. */
function facts(changes: Partial<Facts> = {}, table: Partial<TableStatus> = {}): Facts {
  return {
    nowMs: NOW, standing: standing({ failed: 0, consumers: [seen()], ...table }), named: { by: '/home/ada/data/broker.json', elsewhere: null, job: null },
    sink: { isUp: true, oldestMs: 0, isFull: false }, failures: [], tasks: null, brokerTask: null, slurmTrouble: null, nodeStates: new Map(), logOf: ({ name, id }) => (name === 'sluice-array' ? undefined : `/logs/${name}-${id}.log`), newestLog: undefined, ...changes,
  };
}

const told = (changes?: Partial<Facts>, table?: Partial<TableStatus>): string[] =>
  explain(facts(changes, table)).map(({ text, type }) => (type === undefined ? text : `${text} | ${type}`));

const task = (id: string, state: string, reason = '', startsAtMs: number | null = null, name = 'job') => ({ id, name, state, reason, startsAtMs, node: null });

describe('a table that is over', () => {
  test('was never asked for', () => {
    expect(told({}, { experiment: null, points: 0, stored: 0, waiting: 0, active: 0 })).toEqual(['nothing was ever asked of table trial | npx sluice enqueue SPEC --table trial']);
  });

  test('was cancelled: its rows stay, and no number of points is told', () => {
    expect(told({}, { points: 0, stored: 30, waiting: 0, active: 0 })).toEqual(['no point of trial is planned now; 30 rows are stored | npx sluice enqueue SPEC --table trial']);
  });

  test('is complete, with the failures by their message', () => {
    const failures = [{ message: 'TypeError: x is not a function', count: 7 }];
    expect(told({ failures }, { stored: 993, failed: 7, waiting: 0, active: 0 })).toEqual([
      'trial is complete: 993 of 1000 points stored, 7 failed',
      '7 points failed: TypeError: x is not a function | npx sluice retry trial',
    ]);
  });
});

describe('the broker and the sink come first', () => {
  const away = { ...NOTHING_QUEUED };

  test('no broker is named, or the one that is does not answer, here or elsewhere', () => {
    expect(told({ named: null, sink: null }, away)).toEqual(['no broker is up | npx sluice up']);
    expect(told({ sink: null }, away)).toEqual(['the broker of /home/ada/data/broker.json does not answer | npx sluice up']);
    expect(told({ sink: null, named: { by: 'f', elsewhere: 'login2', job: null } }, away)[0]).toContain('was on login2');
  });

  test("the broker's SLURM job waits for a node, starts, or is gone", () => {
    const named = { by: 'f', elsewhere: 'node2', job: '12' };
    const of = (brokerTask: Facts['brokerTask']): string | undefined => told({ sink: null, named, brokerTask }, away)[0];
    expect(of(task('12', 'pending', 'BeginTime', NOW + 120_000))).toBe("the broker's job 12 is pending (BeginTime: its start time has not come; a requeued job waits two minutes), estimated start 10:32");
    expect(of({ ...task('12', 'running'), node: 'node3' })).toBe("the broker's job 12 is running on node3, and does not answer yet; see /logs/job-12.log");
    expect(of(null)).toBe('the broker of f does not answer; it was SLURM job 12, which is not in the queue | npx sluice up --as-job');
  });

  test('nobody commits the rows', () => {
    expect(told({ sink: { isUp: false, oldestMs: 300, isFull: false } }, { streamEntries: 1 })[0]).toBe('no sink is there to commit 1 row | npx sluice sink');
  });

  test('the sink is behind, and by so much that consumers wait', () => {
    expect(told({ sink: { isUp: true, oldestMs: 12_000, isFull: false } }, { streamEntries: 300 })[0]).toBe('the sink is behind by 300 rows and 12 s');
    expect(told({ sink: { isUp: true, oldestMs: 1_000, isFull: true } }, { streamEntries: 30_000 })[0]).toBe('the sink is behind by 30000 rows and 1 s; the stream is full, so that consumers wait');
  });

  test('the sink is not behind while rows flow, however many', () => {
    expect(told({ sink: { isUp: true, oldestMs: 900, isFull: false } }, { streamEntries: 4_000 }).join()).not.toContain('behind');
  });
});

describe('SLURM', () => {
  test('has tasks pending, for a reason in words and with a start where it expects one', () => {
    const tasks = Array.from({ length: 8 }, (_, index) => task(`9_${index}`, 'pending', 'Resources', NOW + 720_000));
    expect(told({ tasks }, { consumers: [] })).toEqual(['8 array tasks pending (Resources: no node has room yet), estimated start 10:42']);
    expect(told({ tasks: [task('9_1', 'pending', 'SomethingNew')] }, { consumers: [] })).toEqual(['1 array task pending (SomethingNew)']);
  });

  test('runs tasks whose consumers were never seen: the log of the first is named', () => {
    const tasks = [task('123_1', 'running'), task('123_2', 'running'), task('123_3', 'running')];
    expect(told({ tasks })[0]).toBe('2 array tasks are running (123_2, 123_3) whose consumers were never seen; see /logs/job-123_2.log');
    expect(told({ tasks: [task('9_1', 'running', '', null, 'sluice-array')] })[0]).toBe('1 array task is running (9_1) whose consumers were never seen');
  });

  test('says what became of the node and the job of a consumer that was lost', () => {
    const consumers = [seen({ host: 'node2', job: '123_2', alive: false, agoMs: 40_000 })];
    const slurm = { tasks: [task('123_2', 'pending', 'BeginTime')], nodeStates: new Map([['node2', 'down']]) };
    expect(told(slurm, { consumers })[0]).toBe('the consumer on node2 was last seen 40 s ago; the node is down; its job 123_2 is pending');
    expect(told({}, { consumers })[0]).toBe('the consumer on node2 was last seen 40 s ago');
  });

  test('does not answer', () => {
    expect(told({ tasks: [], slurmTrouble: 'away' }, { consumers: [] })[0]).toBe("SLURM's queue is not known: away");
  });
});

describe('consumers', () => {
  test('are not there', () => {
    expect(told({}, { consumers: [] })).toEqual(['there is no consumer | npx sluice consume']);
    expect(told({ tasks: [] }, { consumers: [] })).toEqual(['there is no consumer | npx sluice launch array trial']);
    expect(told({ tasks: [], newestLog: '/logs/t-7_2.log' }, { consumers: [] })).toEqual(['there is no consumer; what the last one said is in /logs/t-7_2.log | npx sluice launch array trial']);
  });

  test('all compute: how long a point takes, and the rest', () => {
    expect(told()).toEqual(['all 4 slots of the consumer compute, and 650 points wait; a point takes 2 s, and the rest 5 min 49 s']);
  });

  test('leave, or have an allocation that ends before a point can', () => {
    expect(told({}, { consumers: [seen({ state: 'leaving', running: 0 })] })[0]).toBe('1 consumer is leaving, and takes nothing more');
    const short = seen({ running: 0, secondsPerPoint: 90, endsAtMs: NOW + 60_000 });
    expect(told({}, { consumers: [short], active: 0 })[0]).toMatch(/^a point takes 90 s, and the allocation on node1 ends in 60 s: it takes nothing more/);
  });

  test('take nothing although points wait', () => {
    expect(told({}, { consumers: [seen({ running: 0 })], active: 0 })[0]).toMatch(/^650 points wait, and the consumer takes none: does it serve other tables only/);
  });
});

test('points that wait for another attempt, that are in no queue, that failed, and entries that could not be stored are told of', () => {
  expect(told({}, { delayed: 3 })).toContain('3 points failed an attempt and wait for their next');
  expect(told({}, { waiting: 0, active: 0 })[0]).toMatch(/^700 points are asked for and not in the queue/);
  expect(told({}, { deadLetters: 2 })).toContain('2 entries could not be stored; sluice_dead_letters has them with their reasons');
});

test('of many kinds of failures the three most frequent are told', () => {
  const failures = ['a', 'b', 'c', 'd', 'e'].map((message, index) => ({ message, count: 9 - index }));
  const lines = told({ failures });
  expect(lines.filter((line) => line.includes('points failed'))).toHaveLength(3);
  expect(lines.at(-1)).toBe('7 points failed: c; there are 2 more kinds of failures | npx sluice retry trial');
});

test('where nothing is amiss, that is said, with the rate; failures are told besides', () => {
  const consumers = [seen({ running: 3 })];
  expect(told({}, { consumers, waiting: 0, active: 3 })).toEqual(['nothing is amiss: 3 of 4 slots compute, 0 points wait, 2 s a point']);
  expect(told({ failures: [{ message: 'no', count: 1 }] }, { consumers, waiting: 0, active: 3 })).toHaveLength(2);
});

test('a copy in BigQuery that is behind is told of besides: with its reason, or where no broker is up; not while it is on its way', () => {
  const upload = { target: 'mine.EMS', uploaded: 0, behind: 300, error: 'BigQuery cannot be reached (ENOTFOUND)', nextTryAtMs: NOW + 19_400 };
  const consumers = [seen({ running: 3 })];
  expect(told({}, { consumers, waiting: 0, active: 3, uploads: [upload] })).toEqual([
    'nothing is amiss: 3 of 4 slots compute, 0 points wait, 2 s a point',
    'the copy in BigQuery, mine.EMS, is 300 rows behind: BigQuery cannot be reached (ENOTFOUND); next try in 20 s | npx sluice upload trial',
  ]);
  const onItsWay = { ...upload, behind: 1, error: null, nextTryAtMs: null };
  expect(told({}, { uploads: [onItsWay] }).join()).not.toContain('BigQuery');
  const done = { stored: 1000, waiting: 0, active: 0, uploads: [onItsWay] };
  expect(told({}, { ...done, failed: 0, broker: false })).toEqual(['trial is complete: 1000 of 1000 points stored', 'the copy in BigQuery, mine.EMS, is 1 row behind | npx sluice upload trial']);
});
