import type { Snapshot } from '../snapshot.ts';
import type { PlotsSoFar } from './analyses.ts';
import type { StoredLook } from './stored-look.ts';

/** What can be asked of the database in `data`, and what is answered. */
export interface Questions {
  readonly look: StoredLook;
  readonly plots: PlotsSoFar | null;
  readonly points: number;
  readonly answer: Snapshot['answer'];
}

/** A question as it crosses to the thread. */
export interface Question {
  readonly id: number;
  readonly kind: keyof Questions;
  readonly data: string;
  readonly table: string | null;
}

/** What comes back: an answer, or why there is none. */
export type Reply =
  | { readonly id: number; readonly answer: Questions[keyof Questions] }
  | { readonly id: number; readonly fault: { readonly code: string; readonly message: string } };
