/** Below this, and from LARGE on, digits alone are hard to read. */
const SMALL = 1e-3;
const LARGE = 1e7;

/** Superscripts of the digits and of the minus. */
const RAISED: Readonly<Record<string, string>> = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };

/**
 * A number as a person reads it, to `digits` significant ones: `1,234,000`, `0.0105`, `3 × 10⁻⁵`; whole numbers below
 * 10⁷ keep all of theirs. Infinities and NaN are `∞`, `−∞` and `not a number`.
 */
export function numberText(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'not a number';
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (Number.isInteger(size) && size < LARGE) return sign + grouped(String(size));
  const rounded = Number(size.toPrecision(digits));
  if (rounded >= SMALL && rounded < LARGE) return sign + grouped(String(rounded));
  const [mantissa = '', exponent = ''] = size.toExponential(digits - 1).split('e');
  const power = `10${exponent.replaceAll(/[-+\d]/g, (character) => RAISED[character] ?? '')}`;
  return Number(mantissa) === 1 ? sign + power : `${sign}${Number(mantissa)} × ${power}`;
}

/** A comma between each three digits before the point. */
function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const commas = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? commas : `${commas}.${fraction}`;
}
