/**
 * Asks the server to run failed points of `table` again: those of one message, or all. Resolves with a sentence on what
 * came of it; never rejects.
 */
export async function retry(table: string, message?: string): Promise<string> {
  try {
    const answer = await fetch('/api/retry', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message === undefined ? { table } : { table, message }),
    });
    const told = (await answer.json()) as { readonly retried?: number; readonly error?: string };
    if (answer.ok && told.retried !== undefined) return `${told.retried} ${told.retried === 1 ? 'point runs' : 'points run'} again.`;
    return `The server refused: ${told.error ?? `status ${answer.status}`}.`;
  } catch {
    return 'The server does not answer; nothing was asked for.';
  }
}
