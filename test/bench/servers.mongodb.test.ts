import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { startServerProcess, type ServerProcess } from '../support/eventstoredb/server-process.js';

const mongoUri = process.env['TEST_MONGODB_URI'] ?? '';
const main = resolve('dist/bench/main.js');

const endedAfterMs = 110_000;

let eventStoreDb: ServerProcess;
/** Where the run leaves its results. */
let folder: string;

beforeAll(async () => {
  eventStoreDb = await startServerProcess();
  folder = mkdtempSync(join(tmpdir(), 'payment-bench-test-'));
});

afterAll(async () => {
  await eventStoreDb.kill();
  rmSync(folder, { recursive: true, force: true });
});

const bench = (variables: Readonly<Record<string, string>>, ...args: string[]) =>
  promisify(execFile)(process.execPath, [main, '--stores=eventstoredb,mongodb', '--quick', ...args], {
    cwd: folder,
    timeout: endedAfterMs,
    env: { PATH: process.env['PATH'], ...variables },
  });

const databases = async (): Promise<readonly string[]> => {
  const client = new MongoClient(mongoUri);
  const { databases: found } = await client.db('admin').admin().listDatabases();
  await client.close();
  return found.map(({ name }) => name).filter((name) => name.startsWith('payment_bench_'));
};

describe('the benchmarks on servers', () => {
  it('measure the service, the raw clients and what is written by hand, and take their databases away', async () => {
    const variables = { EVENTSTORE_URL: eventStoreDb.connectionString, MONGODB_URI: mongoUri };
    const { stdout } = await bench(variables, '--only', 'replay,visibility', '--markdown');
    const rows = stdout.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.slice(2).map((row) => row.split(' | ')[0])).toStrictEqual([
      '| replay of 300 events into documents',
      '| memory of that replay, at most',
      '| the same replay, by the follower of the running service',
      '| from a notification to what a GET shows, one at a time, p50',
      '| from a notification to what a GET shows, one at a time, p99',
      '| from a notification to what a GET shows, 64 at once, p50',
      '| from a notification to what a GET shows, 64 at once, p99',
      '| notifications until a GET shows them, 64 at once',
    ]);
    expect(rows.slice(2).every((row) => row.includes('EventStoreDB 24.6.0 (stand-in, in memory), MongoDB '))).toBe(
      true,
    );
    expect(numbersIn(resultsIn(folder)).every((number) => number > 0)).toBe(true);
    expect(await databases()).toStrictEqual([]);
  }, 120_000);

  it.each([
    [{}, /^EVENTSTORE_URL: must name a running EventStoreDB.*\nMONGODB_URI: must name a running MongoDB/],
    [
      { EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false', MONGODB_URI: mongoUri },
      /^EVENTSTORE_URL: cannot be used: .*\n$/,
    ],
  ])('say in a line each what is missing: %j', async (variables, said) => {
    await expect(bench(variables)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(said) });
  });
});

interface Results {
  readonly figures: readonly {
    readonly ours: number;
    readonly ceiling: { readonly value: number } | null;
    readonly byHand: number | null;
  }[];
}

const resultsIn = (cwd: string): Results => {
  const results = join(cwd, 'bench', 'results');
  const [file = ''] = readdirSync(results);
  return JSON.parse(readFileSync(join(results, file), 'utf8')) as Results;
};

const numbersIn = ({ figures }: Results): readonly number[] =>
  figures.flatMap(({ ours, ceiling, byHand }) => [ours, ...(ceiling ? [ceiling.value] : []), ...(byHand === null ? [] : [byHand])]); // prettier-ignore
