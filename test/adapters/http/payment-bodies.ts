import type { JsonObject } from '../../../src/domain/json.js';

let made = 0;

/** An order id that no other test of this process uses. */
export const freshOrder = (): string => {
  made += 1;
  return `order-${process.pid}-${made}`;
};

/** The shortest body there is, for 50,000 rupiah to a BCA account. */
export const bcaTransfer = (fields: JsonObject = {}): JsonObject => ({
  order_id: freshOrder(),
  payment_type: 'bank_transfer',
  gross_amount: 50_000,
  payment_details: { bank: 'bca' },
  ...fields,
});

export const customer: JsonObject = {
  first_name: 'Budi',
  last_name: 'Utomo',
  email: 'budi@example.com',
  phone: '081234567890',
  billing_address: { address: 'Jl. Sudirman 1', city: 'Jakarta', postal_code: '10220', country_code: 'IDN' },
};

export const items: readonly JsonObject[] = [
  { id: 'a', name: 'Book', price: 20_000, quantity: 2, category: 'books', url: 'https://shop.example/a' },
  { id: 'b', name: 'Pen', price: 10_000, quantity: 1 },
];
