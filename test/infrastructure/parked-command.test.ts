import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { ParkedKeys } from '../../src/application/parking/parked-keys.js';
import { freshFolder } from '../adapters/embedded/open-folder.js';
import { someEvent } from '../contracts/some-events.js';
import { compiled } from '../faults/compiled.js';
import { secret, serviceFor, type ServiceUnderTest } from '../service/start-service.js';

const cli = compiled('src/infrastructure/cli/main.ts');
const DATA_DIR = freshFolder();
let service: ServiceUnderTest;

beforeAll(async () => {
  service = await serviceFor('http://127.0.0.1:9', { DATA_DIR });
});

afterAll(async () => {
  await service.close();
  rmSync(cli.folder, { recursive: true, force: true });
});

/** What `payments parked` prints, line by line, beside the running service. */
const parked = async (...options: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await promisify(execFile)(process.execPath, [cli.path, 'parked', ...options], {
    env: { PATH: process.env['PATH'], ENVIRONMENT: 'test', DATA_DIR, JWT_SECRET: secret },
  });
  return stdout.trimEnd().split('\n');
};

it('payments parked says what waits to be resumed, and how, beside a running service', async () => {
  // Of a service that never had to park anything.
  expect(await parked()).toEqual(['Nothing is parked']);
  expect(await parked('--json')).toEqual(['']);

  const parkedKeys = service.service.container.get(ParkedKeys);
  for (const key of ['order-1', 'order-2']) {
    const event = { ...someEvent(), stream: 'midtrans_inbox-3', revision: 7, position: '1' };
    const error = new Error('This is not a sealed text');
    await parkedKeys.park({ follower: 'notifications:1', key, subject: `${key}@7`, event, error, tries: 5 });
  }
  const { parkedKeys: records } = await parkedKeys.list('parked', 10, null);
  expect((await parked('--json')).map((line) => JSON.parse(line) as unknown)).toEqual(records);
  const [newest] = records;
  expect(await parked()).toEqual([
    `${newest?.id}  since ${newest?.first_parked_at}, tries: 5`,
    `  notifications:1 cannot work on ${newest?.key}: PaymentPending, midtrans_inbox-3@7`,
    '  This is not a sealed text',
    expect.stringContaining(records[1]?.id ?? ''),
    expect.any(String),
    expect.any(String),
    'Once the fault is mended: POST /payments/parked-keys/<id>/resume, as operator',
  ]);
}, 30_000);
