import { connectBroker, type Broker } from '../runtime/broker.ts';
import { findBroker } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import type { Settings } from '../runtime/settings.ts';

/** The broker, where one is named and answers; a URL that was given and does not answer is an error. */
export async function brokerIfAny(settings: Settings): Promise<Broker | undefined> {
  const found = findBroker(settings);
  if (found === undefined) return undefined;
  try {
    return await connectBroker(found);
  } catch (error) {
    if (found.file !== undefined && error instanceof SluiceError) return undefined;
    throw error;
  }
}
