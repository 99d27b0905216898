import { describe, expect, it } from '@jest/globals';
import {
  customExpiryOf,
  methodRules,
  providers,
  rulesOf,
  type MethodRules,
  type Provider,
} from '../../src/domain/methods/providers.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

type Row = readonly [
  provider: Provider,
  min: number,
  max: number | null,
  defaultExpiry: number,
  customExpiry: readonly [number, number] | null,
  cancel: boolean,
  refund: 'none' | 'full' | 'partial',
  windowDays: number | null,
];

const upTo180Days = [20 * second, 180 * day] as const;
const upTo7Days = [20 * second, 7 * day] as const;

// midtrans-facts 2.1 (amounts) and 3.2 (expiry, cancel, refund, window), column by column. Where the facts give several windows, the
// longest stands, since Midtrans has the last word: gopay 180 d (deeplink 45 d), ovo 180 d (7 d but for travel merchants), qris 365 d
// (acquirer airpay shopee; gopay 45 d on-us, 7 d off-us), six months as the 184 d that they can have. What the
// facts leave open: direct debit has no limits there, and danamon_online and uob_ezpay no expiry (taken to be as their kind, 2 h);
// ShopeePay no least expiry (20 s as its kind), and partial refunds in one place but not in another (not here).
const table: readonly Row[] = [
  ['credit_card',    10_000, 999_999_999,    10 * minute, null,                      true,  'partial', 184],
  ['google_pay',     10_000, 999_999_999,    10 * minute, null,                      true,  'partial', 184],
  ['bca',            10_000, 20_000_000_000, 24 * hour,   upTo180Days,               true,  'none',    null],
  ['bni',            1,      null,           24 * hour,   upTo180Days,               true,  'none',    null],
  ['bri',            1,      20_000_000_000, 24 * hour,   upTo180Days,               true,  'none',    null],
  ['cimb',           1,      250_000_000,    24 * hour,   upTo180Days,               true,  'none',    null],
  ['permata',        1,      9_999_999_999,  24 * hour,   upTo180Days,               true,  'none',    null],
  ['mandiri',        1,      50_000_000_000, 24 * hour,   upTo180Days,               true,  'none',    null],
  ['gopay',          1,      20_000_000,     15 * minute, upTo7Days,                 true,  'partial', 180],
  ['qris',           1,      10_000_000,     15 * minute, upTo7Days,                 true,  'partial', 365],
  ['shopeepay',      1,      20_000_000,     15 * minute, [20 * second, 5 * day],    true,  'full',    365],
  ['dana',           1,      20_000_000,     15 * minute, [15 * minute, day],        true,  'partial', 45],
  ['ovo',            1,      99_999_999,     65 * second, null,                      false, 'full',    180],
  ['indomaret',      10_000, 5_000_000,      24 * hour,   upTo180Days,               true,  'none',    null],
  ['alfamart',       1,      5_000_000,      24 * hour,   upTo180Days,               true,  'none',    null],
  ['akulaku',        5_000,  null,           2 * hour,    upTo180Days,               true,  'partial', 184],
  ['kredivo',        1,      null,           24 * hour,   upTo180Days,               true,  'partial', 14],
  ['bca_klikpay',    1,      null,           2 * hour,    null,                      true,  'none',    null],
  ['bca_klikbca',    1,      null,           2 * hour,    null,                      true,  'none',    null],
  ['cimb_clicks',    1,      null,           2 * hour,    null,                      true,  'none',    null],
  ['danamon_online', 1,      null,           2 * hour,    null,                      true,  'none',    null],
  ['bri_epay',       1,      null,           2 * hour,    null,                      true,  'none',    null],
  ['uob_ezpay',      1,      null,           2 * hour,    null,                      true,  'none',    null],
  ['snap',           1,      null,           24 * hour,   upTo7Days,                 true,  'none',    null],
]; // prettier-ignore

const rowOf = ({ provider, amount, expiry, cancelPending, refund }: MethodRules): Row => [
  provider,
  amount.min,
  amount.max,
  expiry.defaultMs,
  expiry.custom && [expiry.custom.minMs, expiry.custom.maxMs],
  cancelPending,
  refund.kind,
  refund.windowMs === null ? null : refund.windowMs / day,
];

describe('the table of payment methods', () => {
  it('has the methods of R3.3, each once', () => {
    expect([...methodRules.keys()].sort()).toStrictEqual([...providers].sort());
    expect(new Set(providers).size).toBe(providers.length);
  });

  it.each(table)('%s is as midtrans-facts 2.1 and 3.2 say', (...row) =>
    expect(rowOf(rulesOf(row[0]))).toStrictEqual(row),
  );

  it('is compared with every method', () =>
    expect(table.map(([provider]) => provider).sort()).toStrictEqual([...providers].sort()));

  it('knows a reversal of permata, echannel and indomaret alone (midtrans-facts 4.3)', () =>
    expect(providers.filter((provider) => rulesOf(provider).reversal)).toStrictEqual([
      'permata',
      'mandiri',
      'indomaret',
    ]));

  it('knows direct refunds of the methods of midtrans-facts 5.6', () =>
    expect(providers.filter((provider) => rulesOf(provider).refund.direct)).toStrictEqual([
      'credit_card',
      'google_pay',
      'gopay',
      'qris',
      'shopeepay',
      'akulaku',
      'kredivo',
    ]));

  it('lets QRIS wait for five days where ShopeePay acquires it, for seven elsewhere (midtrans-facts 3.2)', () => {
    const longest = (acquirer: string | null) => customExpiryOf('qris', acquirer)?.maxMs;
    expect([longest('airpay shopee'), longest('gopay'), longest(null)]).toStrictEqual([5 * day, 7 * day, 7 * day]);
  });

  it('lets every pending payment be expired', () =>
    expect(providers.filter((provider) => !rulesOf(provider).expirePending)).toStrictEqual([]));

  it('groups them by kind, and by the payment_type of the API', () => {
    const of = (field: 'type' | 'paymentType'): Record<string, string[]> => {
      const groups: Record<string, string[]> = {};
      for (const provider of providers) (groups[rulesOf(provider)[field]] ??= []).push(provider);
      return groups;
    };
    expect(of('type')).toStrictEqual({
      card: ['credit_card', 'google_pay'],
      bank_transfer: ['bca', 'bni', 'bri', 'cimb', 'permata', 'mandiri'],
      ewallet: ['gopay', 'shopeepay', 'dana', 'ovo'],
      qris: ['qris'],
      cstore: ['indomaret', 'alfamart'],
      paylater: ['akulaku', 'kredivo'],
      direct_debit: ['bca_klikpay', 'bca_klikbca', 'cimb_clicks', 'danamon_online', 'bri_epay', 'uob_ezpay'],
      hosted_page: ['snap'],
    });
    const { credit_card: card, bank_transfer: bank, echannel, cstore, ...alike } = of('paymentType');
    expect([card, bank, echannel, cstore]).toStrictEqual([
      ['credit_card', 'google_pay'],
      ['bca', 'bni', 'bri', 'cimb', 'permata'],
      ['mandiri'],
      ['indomaret', 'alfamart'],
    ]);
    for (const [paymentType, of_] of Object.entries(alike)) expect(of_).toStrictEqual([paymentType]);
  });
});
