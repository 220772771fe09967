import { expect, test } from 'vitest';
import { crashOf } from '../../../../consumer/slot/crash.ts';

test('a crash names what ended and how', () => {
  expect(crashOf('process', { how: 'signal SIGSEGV', signal: 'SIGSEGV' })).toMatchObject({
    code: 'crashed',
    signal: 'SIGSEGV',
    message: 'crashed its process (signal SIGSEGV)',
  });
});

test('a crash quotes the last words where there were any', () => {
  expect(crashOf('program', { how: 'exit code 3', lastWords: 'out of cheese' }).message).toBe(
    'crashed its program (exit code 3); its last lines on standard error:\nout of cheese',
  );
  expect(crashOf('program', { how: 'exit code 3', lastWords: '' }).message).toBe(
    'crashed its program (exit code 3)',
  );
});
