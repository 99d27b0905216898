import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ParkedKeys } from '../../src/application/parking/parked-keys.js';
import { freshFolder } from '../adapters/embedded/open-folder.js';
import { someEvent } from '../contracts/some-events.js';
import { serviceFor, type ServiceUnderTest } from '../service/start-service.js';
import { ParkedCommand } from './parked-command.js';

const DATA_DIR = freshFolder();
const command = new ParkedCommand({ DATA_DIR });
let service: ServiceUnderTest;

beforeAll(async () => {
  service = await serviceFor('http://127.0.0.1:9', { DATA_DIR });
});

afterAll(async () => {
  await service.close();
  command.remove();
});

it('payments parked says what waits to be resumed, and how, beside a running service', async () => {
  // Of a service that never had to park anything.
  expect(await command.print()).toEqual(['Nothing is parked']);
  expect(await command.print('--json')).toEqual(['']);

  const parkedKeys = service.service.container.get(ParkedKeys);
  for (const key of ['order-1', 'order-2']) {
    const event = { ...someEvent(), stream: 'midtrans_inbox-3', revision: 7, position: '1' };
    const error = new Error('This is not a sealed text');
    await parkedKeys.park({ follower: 'notifications:1', key, subject: `${key}@7`, event, error, tries: 5 });
  }
  const { parkedKeys: records } = await parkedKeys.list('parked', 10, null);
  expect((await command.print('--json')).map((line) => JSON.parse(line) as unknown)).toEqual(records);
  const [newest] = records;
  expect(await command.print()).toEqual([
    `${newest?.id}  since ${newest?.first_parked_at}, tries: 5`,
    `  notifications:1 cannot work on ${newest?.key}: PaymentPending, midtrans_inbox-3@7`,
    '  This is not a sealed text',
    expect.stringContaining(records[1]?.id ?? ''),
    expect.any(String),
    expect.any(String),
    'Once the fault is mended: POST /payments/parked-keys/<id>/resume, as operator',
  ]);
}, 30_000);
