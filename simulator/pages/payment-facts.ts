import { objectsIn, textIn } from '../transactions/json-fields.js';
import type { Transaction } from '../transactions/transaction.js';
import type { Html } from './html.js';
import { html } from './html.js';

/** Numbers and codes the customer types somewhere: a virtual account, a bill key, a payment code. */
const numbersOf = ({ fields }: Transaction): [string, string][] => {
  const [account] = objectsIn(fields, 'va_numbers');
  const labelled: [string, string | undefined][] = [
    ['Account number', account && textIn(account, 'va_number')],
    ['Account number', textIn(fields, 'permata_va_number')],
    ['Company code', textIn(fields, 'biller_code')],
    ['Bill key', textIn(fields, 'bill_key')],
    ['Payment code', textIn(fields, 'payment_code')],
    ['Phone', textIn(fields, 'payer_phone_number')],
    ['Card', textIn(fields, 'masked_card')],
  ];
  return labelled.filter((line): line is [string, string] => line[1] !== undefined);
};

export const paymentNumbers = (transaction: Transaction): Html[] =>
  numbersOf(transaction).map(
    ([label, value]) =>
      html`<dt>${label}</dt>
        <dd class="number">${value}</dd>`,
  );

/** Where the picture of a payment's QR code is, or undefined when it has none. */
export const qrPath = ({ id, method, chargeFields }: Transaction): string | undefined => {
  if (method === 'qris' || method === 'qris_shopee') return `/v2/qris/${id}/qr-code`;
  const offered = objectsIn(chargeFields, 'actions').some(({ name }) => name === 'generate-qr-code');
  return offered ? `/v2/gopay/${id}/qr-code` : undefined;
};

/** The customer's page of a payment, as a path on this simulator; undefined when there is none. */
export const customerPath = ({ id, card, chargeFields }: Transaction): string | undefined => {
  if (card?.threeDs) return `/v2/3ds/redirect/${id}`;
  const links = objectsIn(chargeFields, 'actions').map((offered) => textIn(offered, 'url'));
  const url = textIn(chargeFields, 'redirect_url') ?? links.find((link) => link?.includes('/v2/deeplink/'));
  return url === undefined ? undefined : new URL(url).pathname + new URL(url).search;
};
