/** The ladder: each room imports only what stands before it. */
const LADDER = ['kernel', 'wire', 'runtime', 'experiment', 'store'];

/** The stages stand on the ladder and never import each other. */
const STAGES = ['producer', 'consumer', 'sink', 'gather', 'slurm', 'reduce', 'monitor', 'compose'];

/** Rooms that may import anything, and that nobody else imports. */
const OUTSIDE = ['bench', 'test'];

/** Single files of other rooms that a room may import besides: the rule by which setup finds Redis is the one that we start it by. */
const SHARED: Readonly<Record<string, readonly string[]>> = { runtime: ['setup/find-redis.mjs'] };

/** The room of a file, by its path from the checkout; the empty text for files at the top. */
export function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** Why the file `importer` must not import the file `imported`; undefined where it may. */
export function fault(importer: string, imported: string): string | undefined {
  const [from, to] = [roomOf(importer), roomOf(imported)];
  if (from === to || OUTSIDE.includes(from) || SHARED[from]?.includes(imported)) return undefined;
  if (OUTSIDE.includes(to)) return `${importer} imports ${imported}, and only bench and test import those`;
  if (to === 'cli') return `${importer} imports ${imported}, and nothing imports cli`;
  if (from === 'cli') return undefined;
  const below = LADDER.includes(from) ? LADDER.slice(0, LADDER.indexOf(from)) : STAGES.includes(from) ? LADDER : [];
  if (below.includes(to)) return undefined;
  return `${importer} imports ${imported}, and ${from} imports only ${below.length === 0 ? 'itself' : below.join(', ')}`;
}

/** Whether the room is one that the rule knows. */
export function isKnown(room: string): boolean {
  return ['', 'cli', 'setup', 'examples', ...LADDER, ...STAGES, ...OUTSIDE].includes(room);
}
