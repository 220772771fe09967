import type { Definition } from '../../wire/definition.ts';
import type { Point } from '../../wire/point.ts';
import type { Computed, ComputationErrorCode } from './slot.ts';

/**
 * What a consumer asks of a computing thread or process: first `load`, once, then one point after another.
 */
export type Order =
  | { readonly kind: 'load'; readonly definition: Definition }
  | { readonly kind: 'compute'; readonly point: Point };

/** What it answers: one reply to every order, in the order of the orders. */
export type Reply =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'computed'; readonly computed: Computed }
  | { readonly kind: 'failed'; readonly code: ComputationErrorCode; readonly message: string };
