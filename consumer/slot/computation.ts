import type { Experiment } from '../../experiment/experiment.ts';
import { loadExperiment } from '../../experiment/registry.ts';
import type { Definition } from '../../wire/definition.ts';
import type { Point } from '../../wire/point.ts';
import { checkedRow } from './checked-row.ts';
import { openNotes } from './notes.ts';
import type { Computed } from './slot.ts';

/** A loaded experiment, as a thread or process calls it; rejects with whatever the experiment throws. */
export type Computation = (point: Point) => Promise<Computed>;

/** The computation that `definition` names, loaded and ready. Rejects where it cannot be loaded. */
export async function loadComputation(definition: Definition): Promise<Computation> {
  if (definition.kind === 'program') {
    const { programComputation } = await import('./lone-program.ts'); // threads never need it
    return programComputation(definition);
  }
  const experiment = await loadExperiment(definition);
  return async (point) => await computeAt(experiment, point);
}

async function computeAt(experiment: Experiment, point: Point): Promise<Computed> {
  const notes = openNotes();
  experiment.check(point);
  const startedMs = performance.now();
  const result = await experiment.run(point, notes);
  const seconds = (performance.now() - startedMs) / 1_000;
  return {
    row: checkedRow(point, result),
    parameters: Object.keys(point).length,
    seconds,
    notes: notes.noted,
  };
}
