import type { Definition } from '../../wire/definition.ts';
import type { Point } from '../../wire/point.ts';
import { silentLog } from '../../runtime/log.ts';
import { openGuard } from './guard.ts';
import type { PrintLog } from './printed.ts';
import { startLoneProcess } from './process.ts';
import type { Computed } from './slot.ts';

/**
 * The row at `point`, computed in a fresh process of its own, whatever the kind of computation; a program is
 * started by that process. For points that were in hand at deaths which nothing explains.
 *
 * Rejects as Slot's `compute`; the death of the process is a `crashed` that says "crashed its consumer".
 * Nothing of it is left when the promise settles, except that an abort rejects at once and its end follows.
 */
export async function computeAlone(
  definition: Definition,
  point: Point,
  signal: AbortSignal,
  log: PrintLog = silentLog(),
): Promise<Computed> {
  const guard = openGuard();
  const runner = startLoneProcess(definition, { log, guard });
  const leave = async (): Promise<void> => {
    await runner.end();
    await guard.close();
  };
  try {
    return await runner.compute(point, signal);
  } finally {
    const left = leave();
    if (!signal.aborted) await left;
  }
}
