import { expect, test } from 'vitest';
import { childEnvironment } from '../../../../consumer/slot/environment.ts';

test("a computation gets the user's environment as it stands", () => {
  expect(childEnvironment({ PATH: '/bin', HOME: '/home/a', OMP_NUM_THREADS: '1', EMPTY: '' })).toEqual({
    PATH: '/bin',
    HOME: '/home/a',
    OMP_NUM_THREADS: '1',
    EMPTY: '',
  });
});

test.each([
  'REDIS_URL',
  'redis_url',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'SLUICE_CONNECTION',
  'SLUICE_',
  'Sluice_Data',
])('%s never reaches a computation', (name) => {
  expect(childEnvironment({ [name]: 'secret', A: 'b' })).toEqual({ A: 'b' });
});

test.each(['MY_REDIS_URL', 'REDIS_URL_FILE', 'SLUICEGATE', 'MY_SLUICE_X'])(
  "%s is the user's own and passes",
  (name) => {
    expect(childEnvironment({ [name]: 'x' })).toEqual({ [name]: 'x' });
  },
);

test('a variable without a value is left out', () => {
  expect(childEnvironment({ A: undefined })).toEqual({});
});
