import { expect, test } from 'vitest';
import { openNotes } from '../../../../consumer/slot/notes.ts';

test('notes keep scalars, the latest under each name', () => {
  const notes = openNotes();
  notes.note('residual', 1);
  notes.note('residual', NaN);
  notes.note('method', 'full');
  notes.note('converged', true);
  notes.note('hint', null);
  expect(notes.noted).toEqual({ residual: NaN, method: 'full', converged: true, hint: null });
});

test.each([
  ['a function', () => 1],
  ['undefined', undefined],
  ['a list', [1]],
  ['a bigint', 1n],
])('a note that is %s fails as a bad row and names the note', (_what, value) => {
  expect(() => openNotes().note('x', value)).toThrow(
    expect.objectContaining({ code: 'bad-row', message: expect.stringContaining('"x"') }),
  );
});
