import type { Broker } from '../../runtime/broker.ts';
import type { BrokerClues, FoundBroker } from '../../runtime/broker-file.ts';
import type { SeenConsumer } from '../../runtime/presence.ts';
import type { Facts, NamedBroker, SinkFact } from '../facts.ts';

/** What SLURM and its logs tell of a table, of what `explain` goes by. */
export type SlurmFacts = Pick<Facts, 'tasks' | 'brokerTask' | 'slurmTrouble' | 'nodeStates' | 'logOf' | 'newestLog'>;

/** What the page's server needs of the other rooms, which it does not know. */
export interface Surroundings {
  /** Where the broker may be named. */
  readonly clues: BrokerClues;
  /** The version of Sluice. */
  readonly version: string;
  /** The file that a thread which reads databases begins with. */
  readonly threadEntry: URL;
  /** The folder whose database belongs to a broker, or to none. */
  dataOf(found: FoundBroker | undefined): string;
  /** The tables that consumers of the broker have been told of. */
  registered(broker: Broker): Promise<readonly string[]>;
  /** The sink of the broker. */
  sinkOf(broker: Broker): Promise<SinkFact>;
  namedBy(found: FoundBroker): NamedBroker;
  /** What SLURM tells, by its last answer; cheap enough for every look. */
  slurm(table: string, data: string, consumers: readonly SeenConsumer[]): Promise<SlurmFacts>;
  /** Forgets the failures of a table, those with the message alone where one is given, and returns how many there were. */
  retry(table: string, message: string | undefined): Promise<number>;
}
