import { mistake } from '../runtime/errors.ts';
import type { Axis, AxisJson } from './axis.ts';
import { excerpt } from './excerpt.ts';

/** Steps of fewer spacings of doubles than this can round two neighbours to one value. */
const MIN_STEP_SPACINGS = 4;

/**
 * The axis from, from + step, ... before `to`, as NumPy's arange(from, to, step) computes it: the length is
 * ceil((to - from) / step), value i is from + i d with d = (from + step) - from, in doubles.
 *
 * `args` is [from, to] (step 1) or [from, to, step]; an empty range, a step of 0 and steps too fine for
 * doubles are refused with a SluiceError `bad-spec` that begins with `where`.
 */
export function rangeAxis(args: unknown, where: string): Axis {
  const numbers = finiteNumbers(args);
  if (numbers === undefined || numbers.length < 2 || numbers.length > 3) {
    throw mistake(
      'bad-spec',
      `${where}: "range" takes [from, to] or [from, to, step], all finite numbers, ` +
        `found ${excerpt(args)}`,
    );
  }
  const [from, to, step = 1] = numbers as [number, number, number?];
  if (step === 0) {
    throw mistake('bad-spec', `${where}: the step of a range cannot be 0, found ${excerpt(args)}`);
  }
  const size = Math.ceil((to - from) / step);
  if (!(size >= 1)) {
    throw mistake(
      'bad-spec',
      `${where}: the range ${excerpt(args)} is empty: it goes from ${from} in steps of ` +
        `${step} and ends before ${to}`,
    );
  }
  const stride = from + step - from;
  const at = (index: number) => from + index * stride;
  const last = at(size - 1);
  const exact = Number.isSafeInteger(from) && Number.isSafeInteger(step) && Number.isSafeInteger(last);
  if (!exact) refuseFineSteps(from, last, stride, size, where);
  return progression(size, at, from, stride, { range: [from, to, step] });
}

/**
 * The axis of n equally spaced values from a to b, both included, as NumPy's linspace(a, b, n) computes it:
 * value i is a + i ((b - a) / (n - 1)), the last one b itself.
 *
 * `args` is [a, b, n], n an integer >= 1; n = 1 gives a, and so does a = b. Errors as for ranges.
 */
export function linspaceAxis(args: unknown, where: string): Axis {
  const numbers = finiteNumbers(args);
  const [a, b, n] = numbers ?? [];
  if (
    numbers?.length !== 3 ||
    a === undefined ||
    b === undefined ||
    n === undefined ||
    !Number.isInteger(n) ||
    n < 1
  ) {
    throw mistake(
      'bad-spec',
      `${where}: "linspace" takes [a, b, n], finite numbers and n an integer of at ` +
        `least 1, found ${excerpt(args)}`,
    );
  }
  const size = a === b ? 1 : n;
  const stride = size === 1 ? 0 : (b - a) / (size - 1);
  if (size > 1) refuseFineSteps(a, b, stride, size, where);
  const at = (index: number) => (size > 1 && index === size - 1 ? b : a + index * stride);
  return progression(size, at, a, stride, { linspace: [a, b, n] });
}

function progression(
  size: number,
  value: (index: number) => number,
  from: number,
  stride: number,
  json: AxisJson,
): Axis {
  // Adding 0 turns -0 into 0.
  const at = (index: number) => value(index) + 0;
  const has = (wanted: unknown) => {
    if (typeof wanted !== 'number') return false;
    // Steps are four spacings of doubles and more, so rounding cannot lead to a neighbour's index.
    const index = size === 1 ? 0 : Math.round((wanted - from) / stride);
    return index >= 0 && index < size && at(index) === wanted;
  };
  return { size, at, has, json };
}

/** Two neighbouring values must differ after rounding, and the whole span must be a finite double. */
function refuseFineSteps(first: number, last: number, stride: number, size: number, where: string): void {
  const spacing = spacingOfDoubles(Math.max(Math.abs(first), Math.abs(last)));
  const apart = size === 1 || Math.abs(stride) >= MIN_STEP_SPACINGS * spacing;
  if (apart && Number.isFinite(last - first)) return;
  throw mistake(
    'bad-spec',
    `${where}: ${size} values from ${first} to ${last} in steps of ${stride} cannot be told ` +
      `apart as doubles (their spacing there is ${spacing}); take fewer values, or a list`,
  );
}

/** The distance from |x| to the next larger double. */
function spacingOfDoubles(x: number): number {
  const bits = new BigInt64Array(new Float64Array([Math.abs(x)]).buffer);
  bits[0]! += 1n;
  return new Float64Array(bits.buffer)[0]! - Math.abs(x);
}

function finiteNumbers(value: unknown): number[] | undefined {
  return Array.isArray(value) && value.every((item) => Number.isFinite(item))
    ? (value as number[])
    : undefined;
}
