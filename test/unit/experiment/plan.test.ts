import seedrandom from 'seedrandom';
import { describe, expect, test } from 'vitest';
import { planOf } from '../../../experiment/plan.ts';
import type { Plan } from '../../../experiment/plan.ts';
import { parseSpec } from '../../../experiment/spec.ts';
import type { Point } from '../../../wire/point.ts';
import { distinct, expand, randomGrid, randomStopList, textOf } from './brute-force.ts';

function spec(params: unknown[], stopList: readonly unknown[] = []) {
  return parseSpec({ params, stop_list: stopList }, { directory: '/' });
}

function pointsOf(plan: Plan): Point[] {
  return Array.from({ length: plan.size }, (_, index) => plan.pointAt(index)).filter(
    (point) => point !== undefined,
  );
}

function stops(stopList: readonly Point[], point: Point) {
  return stopList.some((entry) =>
    Object.entries(entry).every(([name, value]) => name in point && point[name] === value),
  );
}

describe('planOf', () => {
  test('gives the points of one grid', () => {
    const plan = planOf([spec([{ seed: { range: [0, 1000] }, nrow: [10] }])]);
    expect(plan.size).toBe(1000);
    expect(plan.count()).toBe(1000);
    expect(plan.pointAt(999)).toEqual({ seed: 999, nrow: 10 });
  });

  test('counts a point of two grids once, at its first place', () => {
    const plan = planOf([spec([{ seed: { range: [0, 200] } }, { seed: { range: [0, 300] } }])]);
    expect(plan.size).toBe(500);
    expect(plan.count()).toBe(300);
    expect(plan.pointAt(0)).toEqual({ seed: 0 });
    expect(plan.pointAt(200)).toBeUndefined();
    expect(plan.pointAt(400)).toEqual({ seed: 200 });
  });

  test('takes equal points for one whatever the order of parameters and the kind of axis', () => {
    const plan = planOf([
      spec([{ a: [1, 2], b: [0.5] }]),
      spec([{ b: { linspace: [0.5, 1, 2] }, a: { range: [1, 3] } }]),
    ]);
    expect(plan.count()).toBe(4);
  });

  test('does not take a grid with more parameters for one with fewer', () => {
    expect(planOf([spec([{ a: [1] }, { a: [1], b: [null] }])]).count()).toBe(2);
  });

  test("takes stopped points out of the stop list's own spec only", () => {
    const stopped = spec([{ seed: { range: [0, 10] } }], [{ seed: 3 }]);
    expect(planOf([stopped]).contains({ seed: 3 })).toBe(false);
    const plan = planOf([stopped, spec([{ seed: [3, 4] }])]);
    expect(plan.count()).toBe(10);
    expect(plan.contains({ seed: 3 })).toBe(true);
  });

  test('stops by all keys of an entry, which may be few', () => {
    const grid = { nrow: [1, 2], ncol: [1, 2], seed: [0, 1] };
    expect(planOf([spec([grid], [{ nrow: 1 }])]).count()).toBe(4);
    expect(planOf([spec([grid], [{ nrow: 1, ncol: 2 }])]).count()).toBe(6);
    expect(planOf([spec([grid], [{ seed: 1, nrow: 1, ncol: 2 }])]).count()).toBe(7);
    expect(planOf([spec([grid], [{ nrow: 1 }, { seed: 0 }])]).count()).toBe(2);
    expect(planOf([spec([grid], [{ nrow: '1' }])]).count()).toBe(8);
  });

  test('counts a spec that comes again once', () => {
    const one = spec([{ seed: { range: [0, 100] } }], [{ seed: 5 }]);
    const plan = planOf([one, one, one]);
    expect(plan.size).toBe(100);
    expect(plan.count()).toBe(99);
  });

  test('of no specs has no points', () => {
    const plan = planOf([]);
    expect([plan.size, plan.count(), plan.contains({ a: 1 })]).toEqual([0, 0, false]);
  });

  test('may end up empty', () => {
    expect(planOf([spec([{ seed: [1] }], [{ seed: 1 }])]).count()).toBe(0);
  });

  test('agrees with a brute-force union on random specs', () => {
    const random = seedrandom('plan');
    for (let round = 0; round < 300; round++) {
      const raw = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
        grids: Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomGrid(random)),
        stopList: randomStopList(random),
      }));
      const plan = planOf(raw.map(({ grids, stopList }) => spec(grids, stopList)));
      const all = raw.flatMap(({ grids, stopList }) =>
        grids.flatMap(expand).filter((point) => !stops(stopList, point)),
      );
      const expected = distinct(all);
      const points = pointsOf(plan);
      expect(points.map(textOf)).toEqual(expected.map(textOf));
      expect(plan.count()).toBe(expected.length);
      const wanted = new Set(expected.map(textOf));
      for (const point of raw.flatMap(({ grids }) => grids.flatMap(expand))) {
        expect(plan.contains(point)).toBe(wanted.has(textOf(point)));
      }
    }
  });

  test('plans thousands of one-point grids quickly, each point once', () => {
    const grids = Array.from({ length: 20_000 }, (_, index) => ({ seed: [index % 15_000], nrow: [10] }));
    const plan = planOf([spec([{ seed: { range: [0, 100] }, nrow: [10] }, ...grids])]);
    expect(plan.count()).toBe(15_000);
  });

  test('refuses more than 10,000,000 candidates', () => {
    const part = (from: number) => spec([{ seed: { range: [from, from + 6_000_000] } }]);
    expect(() => planOf([part(0), part(1)])).toThrow(
      expect.objectContaining({
        code: 'too-many-points',
        exitCode: 2,
        message: expect.stringMatching(/12,000,000 points/),
      }),
    );
  });
});
