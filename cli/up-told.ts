import { dirname } from 'node:path';
import { z } from 'zod';
import { consumersCommand } from './consumers-command.ts';

/** What `sluice up` tells once it is up, as its JSON document. */
export const upDocumentSchema = z.object({
  /** Redis URL without its password. */
  broker: z.string(),
  /** Path of the database. */
  database: z.string(),
  pid: z.int(),
  generation: z.int(),
  /** Whether other users can enter the data folder of a broker that leaves the machine: it may have been shared on purpose. */
  openToOthers: z.boolean(),
});

export type UpDocument = z.infer<typeof upDocumentSchema>;

/** The same for a person; a broker in the background has no terminal whose Ctrl-C would end it. */
export function linesOfUp({ broker, database, openToOthers }: UpDocument, { inBackground }: { readonly inBackground: boolean }): string[] {
  const secured = broker.startsWith('rediss:') ? ', by TLS alone' : '';
  return [
    `broker up at ${broker}${secured}, rows go to ${database}`,
    `${inBackground ? '' : 'Ctrl-C or '}\`npx sluice down\` ends it; \`npm run enqueue\` adds the 1,000 seed jobs; consumers compute: ${consumersCommand(broker)}`,
    ...(openToOthers ? [`other users can read the rows; \`chmod go-rwx ${dirname(database)}\` keeps them for you`] : []),
  ];
}
