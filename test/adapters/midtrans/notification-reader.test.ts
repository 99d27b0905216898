import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MidtransNotificationReader } from '../../../src/adapters/midtrans/notification-reader.js';

const key = 'SB-Mid-server-test';
const reader = new MidtransNotificationReader(key, null);

const signature = (text: string): string => createHash('sha512').update(text).digest('hex');

const checkVector = {
  order_id: 'ORDER-sandbox-0001',
  status_code: '200',
  gross_amount: '150000.00',
  signature_key:
    'd65b4adf15335095fe1bfafe24964d48009dcc2989393e13570b0c9852ea60df0040b1a9646b9c9ef9433317f77acc8e387c59998dc20f5bd93fff93d23672e4',
};

const settled = {
  ...checkVector,
  transaction_status: 'settlement',
  transaction_id: '57d5293c-e65f-4a29-95e4-5959c3fa335b',
  payment_type: 'credit_card',
};

const read = (body: unknown, by = reader) => by.read(Buffer.from(JSON.stringify(body)));
const wrong = { type: 'wrong_signature', orderId: 'ORDER-sandbox-0001' };

describe('the signature of a notification', () => {
  it('of the documented check vector is right', () => expect(read(settled).type).toBe('notification'));

  it.each([
    ['order_id', 'ORDER-sandbox-0002'],
    ['status_code', '201'],
    ['gross_amount', '150000'],
    ['gross_amount', '150000.0'],
    ['signature_key', checkVector.signature_key.toUpperCase()],
    ['signature_key', checkVector.signature_key.slice(1)],
    ['signature_key', ''],
  ])('is wrong once %s is %s', (field, value) => {
    const forged = { ...settled, [field]: value };
    expect(read(forged)).toEqual({ ...wrong, orderId: forged.order_id });
  });

  it('is wrong whatever else is signed with, and never right by chance', () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{128}$/), (forged) => {
        expect(read({ ...settled, signature_key: forged })).toEqual(wrong);
      }),
    ));

  it('is right with the previous key while keys are exchanged, and only then', () => {
    expect(read(settled, new MidtransNotificationReader('the-next-key', key)).type).toBe('notification');
    expect(read(settled, new MidtransNotificationReader('the-next-key', null))).toEqual(wrong);
  });

  it('is not asked for again of what was let in once, whatever keys are ours by then', () => {
    const next = new MidtransNotificationReader('the-next-key', null);
    const body = Buffer.from(JSON.stringify(settled));
    expect(next.readAgain(body)).toEqual(reader.read(body));
  });

  it('does not cover the status, which is why that is asked for again', () => {
    const changed = read({ ...settled, transaction_status: 'refund' });
    expect(changed.type).toBe('notification');
  });

  it.each([
    ['the number as it stands', `link-120110000${key}`],
    ['the number with two decimals', `link-120110000.00${key}`],
  ])('over numbers, as a payment link sends them, is taken over %s', (_how, text) => {
    const body = `{"order_id":"link-1","status_code":201,"gross_amount":10000,"signature_key":"${signature(text)}",
      "transaction_status":"pending","transaction_id":"t1","payment_type":"gopay"}`;
    const reading = reader.read(Buffer.from(body));
    expect(reading.type === 'notification' && reading.notification.observation.grossAmount).toBe(10_000);
  });
});

describe('a notification', () => {
  const signed = (order: string) => ({
    ...settled,
    order_id: order,
    signature_key: signature(`${order}200150000.00${key}`),
  });

  it('is observed', () => {
    expect(read({ ...settled, settlement_time: '2020-01-09 18:30:00', fraud_status: 'accept', eci: '05' })).toEqual({
      type: 'notification',
      notification: {
        observation: {
          orderId: 'ORDER-sandbox-0001',
          transactionId: '57d5293c-e65f-4a29-95e4-5959c3fa335b',
          paymentType: 'credit_card',
          provider: 'credit_card',
          status: 'settlement',
          statusWord: 'settlement',
          fraudStatus: 'accept',
          grossAmount: 150_000,
          wishId: null,
          transactionTime: null,
          settlementTime: '2020-01-09T11:30:00.000Z',
          expiryTime: null,
          refunds: [],
          refundedTotal: null,
          chargedBackTotal: null,
          details: { eci: '05' },
          personalDetails: {},
        },
      },
    });
  });

  it('is read from the middle of a larger buffer', () => {
    const padded = Buffer.from(`xx${JSON.stringify(settled)}xx`);
    expect(reader.read(padded.subarray(2, -2)).type).toBe('notification');
  });

  it.each([
    ['', null, 'no JSON object'],
    ['<html></html>', null, 'no JSON object'],
    ['[]', null, 'no JSON object'],
    ['null', null, 'no JSON object'],
    ['{"order_id":"o1"', null, 'no JSON object'],
    ['{}', null, 'order_id, status_code, gross_amount, signature_key missing'],
    ['{"order_id":"o1","status_code":"200","gross_amount":"1.00"}', 'o1', 'signature_key missing'],
    [
      '{"order_id":["o1"],"status_code":"200","gross_amount":"1.00","signature_key":"a"}',
      null,
      'a field has the wrong type',
    ],
    [
      '{"order_id":"o1","status_code":"200","gross_amount":"1.00","signature_key":1}',
      'o1',
      'a field has the wrong type',
    ],
    [
      '{"account_id":"00000269","payment_type":"gopay","status_code":"200","account_status":"ENABLED"}',
      null,
      'about a GoPay account, and not signed',
    ],
    [
      '{"transaction":{},"subscription":{},"event_name":"subscription.charge"}',
      null,
      'about a subscription, and not signed',
    ],
    ['{"id":"1","schedule":{"interval":1},"status":"active"}', null, 'about a subscription, and not signed'],
  ])('is not %s', (body, orderId, reason) => {
    expect(reader.read(Buffer.from(body))).toEqual({ type: 'malformed', orderId, reason });
  });

  it('that is signed but tells nothing we could act on is malformed', () => {
    expect(read({ ...signed('o1'), transaction_id: undefined })).toEqual({
      type: 'malformed',
      orderId: 'o1',
      reason: 'transaction_id is missing',
    });
    expect(read({ ...signed('o1'), refund_amount: '0.50' })).toEqual({
      type: 'malformed',
      orderId: 'o1',
      reason: 'refund_amount is no whole rupiah',
    });
  });

  it('about a GoPay account is other business when it is signed, and refused when it is not', () => {
    const account = { account_id: 'acc-1', account_status: 'ENABLED', status_code: '200', payment_type: 'gopay' };
    const signature_key = signature(`acc-1ENABLED200${key}`);
    expect(reader.read(Buffer.from(JSON.stringify({ ...account, signature_key })))).toEqual({
      type: 'other',
      subject: 'acc-1',
    });
    expect(reader.read(Buffer.from(JSON.stringify({ ...account, signature_key: 'ad' })))).toEqual({
      type: 'wrong_signature',
      orderId: 'acc-1',
    });
  });

  it('of an order that no payment of ours can have is other business', () => {
    const subscriptionOrder = `MONTHLY-${'0'.repeat(60)}`;
    expect(read(signed(subscriptionOrder))).toEqual({ type: 'other', subject: subscriptionOrder });
  });

  it('never makes the reader throw', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(reader.read(bytes).type).toBe('malformed');
        },
      ),
    ));

  it('never makes the reader throw when it is signed', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (rubbish, status) => {
        const reading = read({ ...rubbish, ...settled, transaction_status: status, refunds: rubbish['refunds'] });
        expect(['notification', 'malformed']).toContain(reading.type);
      }),
    ));
});
