import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Where a script of the benchmarks lies; `path` from `bench/`, as `.js`. */
export const scriptAt = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Carries out one task in a process of its own, and ends it should it take longer than `withinMs`.
 * @param script answers with `answerTask` (task.ts)
 */
export const alone = <Result>(script: string, task: object, withinMs = 600_000): Promise<Result> =>
  new Promise((resolve, reject) => {
    const child = fork(scriptAt(script), { timeout: withinMs, killSignal: 'SIGKILL' });
    child.send(task);
    let result: { readonly value: Result } | undefined;
    child.once('message', (value) => (result = { value: value as Result }));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      result && code === 0 ? resolve(result.value) : reject(new Error(`${script} ended with ${code ?? signal}`)),
    );
  });
