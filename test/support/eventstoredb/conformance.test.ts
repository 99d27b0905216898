import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { startServerProcess } from './server-process.js';
import type { ServerProcess } from './server-process.js';

/** What a real EventStoreDB 24.6.0 passes; it lies beside the repository where the project is built. */
const script = '../shared/conformance/eventstoredb.mjs';
const isThere = existsSync(script);

describe('the EventStoreDB test server', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess();
  });
  afterAll(() => server.kill());

  if (isThere || process.env['CI'] === 'true')
    it('does what a real one does, as far as the service uses it', async () => {
      expect(`${script} ${isThere ? 'is there' : 'is missing'}`).toBe(`${script} is there`);
      const checks = [script, server.connectionString, '--without-persistent'];
      const { stdout } = await promisify(execFile)(process.execPath, checks);
      expect(stdout.trimEnd().split('\n').at(-1)).toBe('27 passed, 0 failed');
    }, 30_000);
  else it.skip(`is not compared with a real one, since ${script} is missing`, () => undefined);

  it('obeys the process that started it', async () => {
    await server.command('stop');
    await server.command('resume');
    await server.command({ arm: { operation: 'append', kind: 'unavailable', times: 1 } });
    await server.command('heal');
  });
});
