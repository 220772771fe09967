import type { Context } from 'hono';

/** Why a request is not served. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 413 | 415 | 421 | 500 | 503;

/** A refusal in one line: JSON for the page's code, text for a person. */
export function refuse(context: Context, status: RefusalStatus, line: string): Response {
  if (context.req.path.startsWith('/api/')) return context.json({ error: line }, status);
  return context.text(`${line}\n`, status);
}
