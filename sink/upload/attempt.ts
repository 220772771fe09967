import { faultOf } from './fault.ts';
import { backOffMs, type Pace } from './pace.ts';
import { ruleFor, tell, type Action } from './rules.ts';
import { stepUpload, type UploadGround } from './table-upload.ts';

/** What an attempt came to. */
export type Attempt =
  | { readonly kind: 'loaded'; readonly rows: number }
  /** Nothing is to be done for so long. */
  | { readonly kind: 'idle'; readonly waitMs: number }
  /** It did not go well: why, in one line, and when it is tried again. */
  | { readonly kind: 'fault'; readonly action: Action; readonly line: string; readonly waitMs: number };

/** Tries at one table, counting the faults in a row. */
export interface TableAttempts {
  /** The next step; never rejects. With `atOnce` a small backlog does not wait to grow. */
  next(ground: UploadGround, atOnce: boolean): Promise<Attempt>;
}

/** No attempts at `table` yet. */
export function openAttempts(table: string, pace: Pace): TableAttempts {
  let faults = 0;
  const judge = (thrown: unknown): Attempt => {
    const fault = faultOf(thrown);
    const rule = ruleFor(fault);
    faults += 1;
    return { kind: 'fault', action: rule.does, line: tell(fault, rule), waitMs: waitFor(rule.does, faults, pace) };
  };
  return {
    next: async (ground, atOnce) => {
      try {
        const step = await stepUpload(ground, table, atOnce);
        faults = 0;
        return 'loaded' in step ? { kind: 'loaded', rows: step.loaded } : { kind: 'idle', waitMs: step.waitMs };
      } catch (error) {
        const attempt = judge(error);
        if (attempt.kind === 'fault' && attempt.action !== 'look-up') await remember(ground, table, attempt);
        return attempt;
      }
    },
  };
}

function waitFor(action: Action, faults: number, pace: Pace): number {
  const growing = (count: number): number => (count === 0 ? 0 : backOffMs(count, pace, Math.random()));
  const waits: Readonly<Record<Action, number>> = {
    // At once the first time; where that did not help it is a fault like others.
    'look-up': growing(faults - 1),
    'mend-table': growing(faults - 1),
    wait: growing(faults),
    'next-id': growing(faults),
    quota: pace.quotaWaitMs,
    person: pace.mendWaitMs,
  };
  return waits[action];
}

/** Writes the fault into the database for `status`, unless that is what failed. */
async function remember(ground: UploadGround, table: string, { line, waitMs }: { line: string; waitMs: number }): Promise<void> {
  try {
    await ground.record({ table, trouble: { message: line, nextTryAtMs: ground.clock.nowMs() + waitMs } });
  } catch {
    // the line is told and logged all the same
  }
}
