import type { Fields, Json, Transaction } from '../transactions/transaction.js';
import type { Html } from './html.js';
import { html } from './html.js';

const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** Numbers and codes the customer types somewhere: a virtual account, a bill key, a payment code. */
const numbersOf = ({ fields }: Transaction): [string, string][] => {
  const account = virtualAccount(fields);
  const labelled: [string, string | undefined][] = [
    ['Account number', account],
    ['Account number', textOf(fields['permata_va_number'])],
    ['Company code', textOf(fields['biller_code'])],
    ['Bill key', textOf(fields['bill_key'])],
    ['Payment code', textOf(fields['payment_code'])],
    ['Phone', textOf(fields['payer_phone_number'])],
    ['Card', textOf(fields['masked_card'])],
  ];
  return labelled.filter((line): line is [string, string] => line[1] !== undefined);
};

const virtualAccount = ({ va_numbers: accounts }: Fields): string | undefined => {
  const [first] = Array.isArray(accounts) ? (accounts as readonly Fields[]) : [];
  return textOf(first?.['va_number']);
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
  const actions = Array.isArray(chargeFields['actions']) ? (chargeFields['actions'] as readonly Fields[]) : [];
  return actions.some(({ name }) => name === 'generate-qr-code') ? `/v2/gopay/${id}/qr-code` : undefined;
};

/** The customer's page of a payment, as a path on this simulator; undefined when there is none. */
export const customerPath = (transaction: Transaction): string | undefined => {
  if (transaction.card?.threeDs) return `/v2/3ds/redirect/${transaction.id}`;
  const { redirect_url: redirect, actions } = transaction.chargeFields;
  const linked = Array.isArray(actions) ? (actions as readonly Fields[]).map(({ url }) => textOf(url)) : [];
  const url = textOf(redirect) ?? linked.find((link) => link?.includes('/v2/deeplink/'));
  return url === undefined ? undefined : new URL(url).pathname + new URL(url).search;
};
