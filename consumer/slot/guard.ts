import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { settledWithin } from '../../runtime/wait.ts';

/** Time that the guard has to end; it only ever waits for its input. */
const CLOSE_MS = 1_000;

/**
 * Reads `watch GROUP` and `forget GROUP`, and kills the process groups it still watches when its input ends.
 * Plain POSIX sh: it starts in a millisecond, takes 1 MB, and is on every node.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM USR1 USR2 PIPE
groups=' '
while read -r order group; do
  case $order in
    watch) groups="$groups$group " ;;
    forget) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/**
 * Ends the process groups it watches when this process is gone, even by SIGKILL.
 *
 * A computation cannot be trusted to see that itself: a busy loop reads no closed channel, and a program may
 * ignore the end of its input. So a small process of its own holds a pipe to us, and acts when the pipe
 * closes.
 */
export interface Guard {
  /** Watches the group that the process `pid` leads; for children started with `detached`. */
  watch(pid: number): void;
  /** Stops watching; for groups that are gone. */
  forget(pid: number): void;
  /** Ends the guard, and whatever it still watches. */
  close(): Promise<void>;
}

/** A guard, whose process starts with the first group. Where there is no sh, nothing is watched. */
export function openGuard(): Guard {
  const watched = new Set<number>();
  let guard: ChildProcess | undefined;

  const start = (): ChildProcess => {
    const child = spawn('/bin/sh', ['-c', SCRIPT], {
      detached: true,
      env: {},
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const onEnd = (): void => {
      if (guard === child) guard = undefined; // the next watch() starts another, which takes over all groups
    };
    child.on('error', onEnd).on('exit', onEnd);
    child.stdin?.on('error', () => {}); // its end is seen by `exit`
    child.unref();
    return child;
  };
  return {
    watch(pid) {
      watched.add(pid);
      const fresh = guard === undefined;
      guard ??= start();
      guard.stdin?.write(fresh ? [...watched].map((group) => `watch ${group}\n`).join('') : `watch ${pid}\n`);
    },
    forget(pid) {
      watched.delete(pid);
      guard?.stdin?.write(`forget ${pid}\n`);
    },
    async close() {
      const child = guard;
      if (child === undefined) return;
      child.ref();
      child.stdin?.end();
      await settledWithin(once(child, 'exit'), CLOSE_MS);
    },
  };
}
