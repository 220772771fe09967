import { pino, type Logger } from 'pino';

/** A logger: one constant sentence per line, what varies as fields. */
export type Log = Logger;

/**
 * A logger on standard error: readable lines on a terminal, JSON lines elsewhere.
 * Fields that could carry a secret are censored whatever they hold.
 */
export async function openLog(name: string, level: string): Promise<Log> {
  const options = { name, level, redact: { paths: ['password', 'url', '*.password', '*.url'], censor: '[secret]' } };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  const { default: pretty } = await import('pino-pretty');
  return pino(options, pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }));
}

/** A logger that says nothing, for callers that want none. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}
