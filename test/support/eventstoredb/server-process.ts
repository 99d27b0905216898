import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from './main.js';

/** The test server in a process of its own, which outlives a kill of any other. */
export interface ServerProcess {
  readonly connectionString: string;
  /** Resolves when the server has obeyed. */
  command(command: Command): Promise<void>;
  /** It stays as it is and does nothing more: connections stand, nothing is read. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
}

/** @param port 0: any that is free */
export const startServerProcess = async (port = 0): Promise<ServerProcess> => {
  const child = fork('test/support/eventstoredb/start.mjs', [String(port)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [connectionString] = (await once(child, 'message')) as [string];
  return {
    connectionString,
    command: async (command) => {
      const obeyed = once(child, 'message');
      child.send(command);
      await obeyed;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => killed(child),
  };
};

const killed = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};
