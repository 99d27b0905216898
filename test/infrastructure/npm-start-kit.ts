import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { freePort } from '../faults/service-process.js';

export interface Started {
  readonly process: ChildProcess;
  /** Everything that it has printed so far. */
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

const npmStart = (
  variables: Readonly<Record<string, string>>,
  [command, ...words]: readonly [string, ...string[]] = [process.execPath, 'scripts/start.mjs'],
): Started => {
  const child = spawn(command, words, {
    // A group of its own, which a test can interrupt as a terminal does.
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'error', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, output: () => printed, exited };
};

export const eventually = async <T>(
  find: () => Promise<T | undefined> | T | undefined,
  withinMs: number,
): Promise<T> => {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Not within ${withinMs} ms`);
};

/** What it prints to be copied, as requests. */
export const firstPayment = async ({ output }: Started) => {
  const curl = await eventually(() => /^curl -s (\S+) .* -d '(.*)'$/m.exec(output()) ?? undefined, 40_000);
  const [, url = '', body = ''] = curl;
  const token = /^TOKEN=(\S+)$/m.exec(output())?.[1] ?? '';
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return { url, body, headers, make: (other = body) => fetch(url, { method: 'POST', headers, body: other }) };
};

type Variables = Readonly<Record<string, string>>;

/** For each test a folder and ports of its own; what it has started ends with it. */
export const aPlace = () => {
  let folder = '';
  let started: Started | undefined;
  const place = {
    ports: { PORT: '', SIMULATOR_PORT: '' },
    start(variables: Variables = {}, command?: readonly [string, ...string[]]): Started {
      started = npmStart({ ...place.ports, DATA_DIR: folder, ...variables }, command);
      return started;
    },
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'start-'));
    place.ports = { PORT: String(await freePort()), SIMULATOR_PORT: String(await freePort()) };
  });
  afterEach(async () => {
    if (started && started.process.exitCode === null) {
      started.process.kill('SIGTERM');
      await started.exited;
    }
    rmSync(folder, { recursive: true });
  });
  return place;
};
