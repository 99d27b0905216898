import type { JsonObject } from '../../src/domain/json.js';

/** What is bought in every journey: 50,000 rupiah, by a customer with a name, an address and a phone. */
export const amount = 50_000;

export const customer = {
  first_name: 'Budi',
  last_name: 'Utomo',
  email: 'budi@example.com',
  phone: '+6281211111111',
  billing_address: { address: 'Jalan Melati 17', city: 'Bandung', postal_code: '40171', country_code: 'IDN' },
  shipping_address: { address: 'Jalan Melati 17', city: 'Bandung', postal_code: '40171', country_code: 'IDN' },
};

export const items = [
  { id: 'pillow', name: 'Pillow', price: 15_000, quantity: 2, category: 'home', url: 'https://shop.example/pillow' },
  { id: 'lamp', name: 'Lamp', price: 20_000, quantity: 1, category: 'home', url: 'https://shop.example/lamp' },
];

/** An order of everything, paid with this. */
export const orderOf = (orderId: string, paymentType: string, details: JsonObject = {}): JsonObject => ({
  order_id: orderId,
  payment_type: paymentType,
  gross_amount: amount,
  payment_details: details,
  customer_details: customer,
  item_details: items,
  metadata: { table: 7 },
});
