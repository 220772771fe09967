import { expect, test, vi } from 'vitest';
import { listenForStop } from '../../../runtime/signals.ts';

/** Calls what listens for `signal`, as the arrival of one would. */
function arrive(signal: NodeJS.Signals): void {
  process.emit(signal, signal);
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const)('the first %s asks to stop, and is remembered', (name) => {
  using stop = listenForStop();
  expect(stop.signal.aborted).toBe(false);
  expect(stop.received).toBeUndefined();
  arrive(name);
  expect(stop.signal.aborted).toBe(true);
  expect(stop.signal.reason).toBe(name);
  expect(stop.received).toBe(name);
});

test('a second Ctrl-C right after the first is the same request; a later one ends the process by itself', () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const now = vi.spyOn(performance, 'now').mockReturnValue(1_000);
  try {
    using stop = listenForStop();
    arrive('SIGINT');
    now.mockReturnValue(1_299);
    arrive('SIGINT');
    expect(kill).not.toHaveBeenCalled();
    expect(stop.received).toBe('SIGINT');
    now.mockReturnValue(1_301);
    arrive('SIGINT');
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGINT');
  } finally {
    vi.restoreAllMocks();
  }
});

test.each([['SIGUSR1', 'SIGTERM'], ['SIGTERM', 'SIGTERM'], ['SIGTERM', 'SIGHUP']] as const)('after %s a %s changes nothing, however late it comes', (first, later) => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const now = vi.spyOn(performance, 'now').mockReturnValue(1_000);
  try {
    using stop = listenForStop();
    arrive(first);
    now.mockReturnValue(60_000);
    arrive(later);
    expect(kill).not.toHaveBeenCalled();
    expect(stop.received).toBe(first);
  } finally {
    vi.restoreAllMocks();
  }
});

test('settling ends the process by the signal it received, so that its parent sees the truth', () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  try {
    using stop = listenForStop();
    arrive('SIGHUP');
    stop.settle();
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGHUP');
  } finally {
    vi.restoreAllMocks();
  }
});

test('whoever settles or lets go listens no longer', () => {
  const before = process.listenerCount('SIGTERM');
  const first = listenForStop();
  using second = listenForStop();
  expect(process.listenerCount('SIGTERM')).toBe(before + 2);
  first.settle();
  second[Symbol.dispose]();
  expect(process.listenerCount('SIGTERM')).toBe(before);
  expect(process.listenerCount('SIGPIPE')).toBe(0);
});
