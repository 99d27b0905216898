import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../../adapters/embedded/open-folder.js';
import { openShop } from '../../service/shop.js';
import { until } from '../../service/until.js';

// What a customer tells us, and what is as good as money, searched for in the files as they lie on the disk (R8.1, R8.3, design D10).

const folder = freshFolder();
const customer = {
  first_name: 'Sukarnoputri',
  last_name: 'Wulandari',
  email: 'wulandari@example.com',
  phone: '+6281298765432',
  billing_address: { address: 'Jalan Melati 17', city: 'Bandung-Utara', postal_code: '40171', country_code: 'IDN' },
};
const secrets: string[] = [
  ...Object.values(customer).flatMap((value) => (typeof value === 'string' ? [value] : [])),
  'Jalan Melati 17',
  'Bandung-Utara',
  'KLIKUSER01',
  'Bapak Sudarsono',
  '+6281311223344',
];
let logged: string;

beforeAll(async () => {
  const shop = await openShop({ DATA_DIR: folder });
  const { simulator, between, under, clerk } = shop;
  const card = await simulator.cardToken('4811111111111114');
  const token = await simulator.cardToken('4811111111111114');
  secrets.push(card, token);
  const bodies = [
    { order_id: 'card-1', payment_type: 'credit_card', payment_details: { token_id: card, authentication: false, save_token_id: true } },
    { order_id: 'card-2', payment_type: 'credit_card', payment_details: { token_id: token, authentication: true } },
    { order_id: 'va-1', payment_type: 'bank_transfer', payment_details: { bank: 'permata', recipient_name: 'Bapak Sudarsono' } },
    { order_id: 'klik-1', payment_type: 'bca_klikbca', payment_details: { description: 'Pillow', user_id: 'KLIKUSER01' } },
    { order_id: 'ovo-1', payment_type: 'ovo', payment_details: { payer_phone_number: '+6281311223344' } },
    { order_id: 'snap-1', payment_type: 'snap' },
  ]; // prettier-ignore
  for (const body of bodies) {
    const { status, body: made } = await clerk.make({ gross_amount: 50_000, customer_details: customer, ...body });
    expect([body.order_id, status]).toEqual([body.order_id, 201]);
    const details = made['payment_details'] as Record<string, string>;
    for (const name of ['saved_token_id', 'snap_token']) if (details[name]) secrets.push(details[name]);
  }
  await simulator.pay('va-1');
  await until('settled', async () => (await clerk.byOrder('va-1'))['status'] === 'settlement');

  // Tokens are quoted back by a Midtrans that refuses them.
  between.let('POST', /charge$/, { type: 'answered', status: 400, body: { status_code: '400', status_message: `token ${token} is wrong` } }); // prettier-ignore
  await clerk.make({ order_id: 'card-3', payment_type: 'credit_card', gross_amount: 50_000, payment_details: { token_id: token } }); // prettier-ignore
  logged = under.journal.text();
  await shop.close();
});

const files = (): readonly string[] => readdirSync(folder).filter((name) => !name.endsWith('.env'));

describe('on the disk', () => {
  it('there is something to search in, and it can be found', () => {
    expect(files()).toEqual(expect.arrayContaining(['events.db', 'documents.db', 'state.db']));
    expect(secrets.length).toBeGreaterThanOrEqual(13);
    expect(readFileSync(join(folder, 'events.db')).includes('klik-1')).toBe(true);
    expect(readFileSync(join(folder, 'documents.db')).includes('klik-1')).toBe(true);
  });

  it('nothing personal and no token stands in plain text', () => {
    for (const file of files()) {
      const bytes = readFileSync(join(folder, file));
      expect([file, secrets.filter((secret) => bytes.includes(secret))]).toEqual([file, []]);
    }
  });

  it('nor in what operators read', () => expect(secrets.filter((secret) => logged.includes(secret))).toEqual([]));
});
