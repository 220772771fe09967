import { z } from 'zod';

const named = {
  /** The experiment's name, part of every point's key. */
  name: z.string().min(1).max(128),
  /** The experiment's version, kept as provenance. */
  version: z.string().min(1).max(128),
};

/**
 * How another process finds an experiment again: what crosses to consumers and into the database.
 *
 * - `builtin`: one that ships with Sluice, by name.
 * - `module`: a JavaScript or TypeScript file of the user's, by absolute path.
 * - `program`: a command in any language, started in `directory`; a point that takes longer than
 *   `timeoutSeconds` ends the program and fails the attempt.
 */
export const definitionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('builtin'), ...named }),
  z.strictObject({ kind: z.literal('module'), ...named, path: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('program'),
    ...named,
    command: z.array(z.string().min(1)).min(1),
    directory: z.string().min(1),
    timeoutSeconds: z.number().positive(),
  }),
]);

export type Definition = z.infer<typeof definitionSchema>;
