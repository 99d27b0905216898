import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { scriptAt } from './alone.js';

export interface RunningServer {
  /** No slash at the end. */
  readonly url: string;
  /** From the start of the process to the first 200, in ms. */
  readonly startedWithinMs: number;
  stop(): Promise<void>;
}

export interface ServerToStart {
  /** From `bench/`, as `.js`. */
  readonly script: string;
  readonly port: number;
  readonly variables: Readonly<Record<string, string>>;
  /** Answers 200 when it is ready. */
  readonly readyPath: string;
}

const readyWithinMs = 60_000;
const pollMs = 4;

/** A port that nobody uses now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** A server in a process of its own, with nothing of our environment but what Node needs. What it logs is written to nowhere. */
export const startServer = async ({ script, port, variables, readyPath }: ServerToStart): Promise<RunningServer> => {
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', scriptAt(script)], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  endWithUs(child);
  try {
    await ready(child, `${url}${readyPath}`);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { url, startedWithinMs: performance.now() - startedAt, stop: () => stop(child) };
};

/** However that comes about. */
const endWithUs = (child: ChildProcess): void => {
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
};

const ready = async (child: ChildProcess, url: string): Promise<void> => {
  const deadline = performance.now() + readyWithinMs;
  while ((await statusOf(url)) !== 200) {
    if (child.exitCode !== null) throw new Error(`The server for ${url} ended with ${child.exitCode}`);
    if (performance.now() > deadline) throw new Error(`${url} was not ready within ${readyWithinMs} ms`);
    await pause(pollMs);
  }
};

const statusOf = (url: string): Promise<number> =>
  request(url).then(
    async ({ statusCode, body }) => {
      await body.dump();
      return statusCode;
    },
    () => 0,
  );

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
};
