/** Signals that ask a process to end: from a terminal, from a supervisor, and SLURM's early warning. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const;

/** A Ctrl-C that repeats within this time is the same request: npm forwards it. */
const SAME_REQUEST_MS = 300;

/** A request to end, in two phases. */
export interface StopRequest {
  /** Aborted at the first signal: take nothing more, finish or hand back, flush, leave. */
  readonly signal: AbortSignal;
  /** The first signal, once there was one. */
  readonly received: NodeJS.Signals | undefined;
  /** Calls `leave` at the request, unless `until` aborted before; at once where there was one while the process was still starting. */
  onRequest(leave: () => void, until?: AbortSignal): void;
  /** Takes the end of standard input for a request to stop: the supervisor that holds its other end is gone. */
  followStandardInput(): void;
  /** Stops listening, and ends this process by the signal it received, so that its parent sees the truth. */
  settle(): void;
  [Symbol.dispose](): void;
}

/**
 * Listens for the signals that end a process. The first aborts `signal`; a second Ctrl-C, later than SAME_REQUEST_MS,
 * ends the process at once. Other signals that follow change nothing: SLURM's TERM comes twice to a step, and after a
 * warning by USR1, tens of seconds apart, to a process that leaves in good order.
 */
export function listenForStop(): StopRequest {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  let receivedAtMs = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received === undefined) {
      received = signal;
      receivedAtMs = performance.now();
      controller.abort(signal);
    } else if (signal === 'SIGINT' && performance.now() - receivedAtMs > SAME_REQUEST_MS) {
      raise(signal);
    }
  };
  const ignoreBrokenPipe = (): void => {};
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('SIGPIPE', ignoreBrokenPipe);
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off('SIGPIPE', ignoreBrokenPipe);
  };
  const raise = (signal: NodeJS.Signals): void => {
    release();
    process.kill(process.pid, signal);
  };
  return {
    signal: controller.signal,
    get received() {
      return received;
    },
    onRequest: (leave, until) => {
      if (controller.signal.aborted) leave();
      else controller.signal.addEventListener('abort', () => leave(), { once: true, ...(until && { signal: until }) });
    },
    followStandardInput: () => {
      process.stdin.once('end', () => controller.abort('SIGTERM')).resume().unref();
    },
    settle: () => (received === undefined ? release() : raise(received)),
    [Symbol.dispose]: release,
  };
}
