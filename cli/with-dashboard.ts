import { z } from 'zod';
import { startCommand } from '../runtime/child-command.ts';
import type { Settings } from '../runtime/settings.ts';
import type { Invocation } from './command.ts';

/** What `sluice dashboard --json` prints, a line at a time. */
const toldSchema = z.object({ link: z.string() });

/** A page that is served beside a command. */
export interface BesideDashboard {
  stop(): Promise<void>;
}

/**
 * Serves the page in a process of its own where --dashboard asks for it, so that nobody who watches slows the command, and prints
 * its links; `table` is shown first. `connection` is the connection file of the broker, where the settings do not lead to it.
 */
export function startBesideDashboard({ options, output }: Invocation, settings: Settings, table: string | undefined, connection?: string): BesideDashboard | undefined {
  if (options['dashboard'] !== true) return undefined;
  const { data, namespace, insecurePlain, streamBytes, redis, logLevel } = settings;
  const broker = connection === undefined ? { REDIS_URL: redis ?? '', SLUICE_CONNECTION: settings.connection ?? '' } : { REDIS_URL: '', SLUICE_CONNECTION: connection };
  const environment = { ...process.env, ...broker, TABLE_NAME: '', SLUICE_INSECURE_PLAIN: String(insecurePlain) };
  const told = (line: string): void => {
    const said = linkIn(line);
    if (said === undefined) return;
    output.transient?.('');
    const text = `the page is at  ${said}  (one browser)`;
    if (output.json) output.warning(text);
    else output.line(text);
  };
  const words = ['dashboard', ...(table === undefined ? [] : [table]), '--supervised', '--json'];
  return startCommand([...words, '--data', data, '--namespace', namespace, '--stream-bytes', String(streamBytes), '--log-level', logLevel], environment, told);
}

/** The link that the line tells of; undefined for what an experiment's own reduce, which runs there too, has printed. */
function linkIn(line: string): string | undefined {
  try {
    return toldSchema.safeParse(JSON.parse(line)).data?.link;
  } catch {
    return undefined;
  }
}
