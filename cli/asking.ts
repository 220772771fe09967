import { SluiceError } from '../runtime/errors.ts';
import { openBigQuery } from '../sink/upload/bigquery.ts';
import type { CloudSettings } from '../sink/upload/cloud-settings.ts';
import { faultOf } from '../sink/upload/fault.ts';
import { PACE } from '../sink/upload/pace.ts';
import { ruleFor, tell } from '../sink/upload/rules.ts';
import type { Warehouse } from '../sink/upload/warehouse.ts';

/** What `ask` gets from BigQuery; its faults become one line, code `bigquery`. */
export async function asking<T>(settings: CloudSettings, warn: (line: string) => void, ask: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  try {
    return await ask(await openBigQuery(settings, PACE, warn));
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const fault = faultOf(error);
    throw new SluiceError('bigquery', tell(fault, ruleFor(fault)));
  }
}
