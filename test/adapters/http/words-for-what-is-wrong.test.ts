import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parsed } from '../../../src/adapters/http/answers/invalid-fields.js';
import { HttpRefusal, type ErrorItem } from '../../../src/adapters/http/answers/http-refusal.js';
import { ListParkedKeysQuery } from '../../../src/adapters/http/parked-keys/list-parked-keys.js';
import { ResumeBody } from '../../../src/adapters/http/parked-keys/post-resume.js';
import { GetPaymentQuery } from '../../../src/adapters/http/payments/get-payment.js';
import { ListPaymentsQuery } from '../../../src/adapters/http/payments/list-payments.js';
import { PaymentRequestBody } from '../../../src/adapters/http/payments/payment-request-schema.js';
import { ActionBody, CaptureBody } from '../../../src/adapters/http/payments/post-action.js';
import { RefundBody } from '../../../src/adapters/http/refunds/refund-schemas.js';

/** Everything that is sent to us is read by one of these. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  PaymentRequestBody,
  ActionBody,
  CaptureBody,
  RefundBody,
  ListPaymentsQuery,
  GetPaymentQuery,
  ListParkedKeysQuery,
  ResumeBody,
};

const itemsFor = (schema: z.ZodType, input: unknown): readonly ErrorItem[] => {
  try {
    parsed(schema, input);
    return [];
  } catch (error) {
    if (error instanceof HttpRefusal) return error.body.errors;
    throw error;
  }
};

const said = (schema: z.ZodType, input: unknown): readonly string[] =>
  itemsFor(schema, input).map(({ message }) => message);

const transfer = {
  order_id: 'o-1',
  payment_type: 'bank_transfer',
  gross_amount: 50_000,
  payment_details: { bank: 'bca' },
};
const order = { order_id: 'o-1', gross_amount: 50_000 };

describe('what is wrong with a request', () => {
  it.each<readonly [string, unknown, readonly string[]]>([
    ['no object', 7, ['The body must be an object']],
    ['a list', [], ['The body must be an object, not a list']],
    ['nothing', {}, [expect.stringMatching(/^payment_type is missing; it must be one of bank_transfer, echannel, gopay, .*, snap$/) as unknown as string]],
    ['an unknown type', { payment_type: 'cash' }, [expect.stringMatching(/^payment_type must be one of bank_transfer, /) as unknown as string]],
    ['missing fields', { payment_type: 'bca_klikbca' }, ['order_id is missing; it must be a text', 'gross_amount is missing; it must be a whole number', 'payment_details is missing; it must be an object']],
    ['no bank', { ...transfer, payment_details: {} }, ['payment_details.bank is missing; it must be one of bca, bni, bri, cimb, permata']],
    ['another bank', { ...transfer, payment_details: { bank: 'hsbc' } }, ['payment_details.bank must be one of bca, bni, bri, cimb, permata']],
    ['details that are none', { ...transfer, payment_details: 'bca' }, ['payment_details must be an object']],
    ['a text for an amount', { ...transfer, gross_amount: '50000' }, ['gross_amount must be a whole number']],
    ['half a rupiah', { ...transfer, gross_amount: 0.5 }, ['gross_amount must be a whole number']],
    ['nothing to pay', { ...transfer, gross_amount: 0 }, ['gross_amount must be more than 0']],
    ['more than can be counted', { ...transfer, gross_amount: 1e30 }, ['gross_amount must be 9007199254740991 or less']],
    ['an unknown field', { ...transfer, payment_details: { bank: 'bca', colour: 1 } }, ['payment_details.colour is not known here; known are bank, va_number, free_text, sub_company_code']],
    ['two', { ...transfer, colour: 1, user_id: '' }, ['user_id must not be empty', expect.stringMatching(/^colour is not known here; known are payment_type, order_id, /) as unknown as string]],
    ['a strange order id', { ...transfer, order_id: 'a b' }, ['order_id must be 1 to 50 of A-Z a-z 0-9 - _ ~ .']],
    ['no e-mail address', { ...transfer, customer_details: { email: 'budi', phone: 'x'.repeat(256) } }, ['customer_details.email must be an e-mail address', 'customer_details.phone must have at most 255 characters']],
    ['no URL', { ...order, payment_type: 'uob_ezpay', payment_details: { callback_url: 'there' } }, ['payment_details.callback_url must be a URL']],
    ['a URL that is missing', { ...order, payment_type: 'uob_ezpay', payment_details: {} }, ['payment_details.callback_url is missing; it must be a text']],
    ['no items', { ...transfer, item_details: [] }, ['item_details must not be empty']],
    ['items that do not add up', { ...transfer, item_details: [{ id: 'a', name: 'b', price: 1, quantity: 1 }] }, ['item_details must add up to gross_amount, which is 50000']],
    ['a name that is too long', { ...transfer, metadata: { ['x'.repeat(256)]: 1 } }, [`metadata.${'x'.repeat(256)} has a name that must have at most 255 characters`]],
    ['a term with an unknown bank', { ...order, payment_type: 'snap', payment_details: { credit_card: { installment: { terms: { hsbc: [3] } } } } }, ['payment_details.credit_card.installment.terms.hsbc is not known here; known are bca, bni, mandiri, cimb, bri, danamon, maybank, mega, offline']],
    ['neither token', { ...order, payment_type: 'credit_card', payment_details: {} }, ['payment_details.token_id or google_pay_token is needed, and not both']],
    ['an expiry that is none', { ...order, payment_type: 'gopay', expiry: { duration: 0, unit: 'week' } }, ['expiry.duration must be more than 0', 'expiry.unit must be one of minute, hour, day']],
  ])('is said for %s', (_, input, expected) => {
    expect(said(PaymentRequestBody, input)).toEqual(expected);
  }); // prettier-ignore

  it('is said for a query', () => {
    expect(said(ListPaymentsQuery, { limit: ['1', '2'], amount_min: '-1', created_from: 'today', status: 'paid' })).toEqual([
      expect.stringMatching(/^status must be one of initiated, pending, /),
      'created_from must be an ISO 8601 time with its offset, such as 2026-11-23T05:49:00Z',
      'amount_min must be a whole number, 0 or more',
      'limit must be a text, not a list',
    ]);
    expect(said(ListPaymentsQuery, { limit: '0' })).toEqual(['limit must be 1 to 100']);
  }); // prettier-ignore
});

// Every field of every schema, with everything that can be wrong with it

type Place = { readonly path: readonly (string | number)[]; readonly within: unknown };

/** `value` at `path`, everything on the way there as little as it can be. */
const put = (within: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown => {
  if (step === undefined) return value;
  if (typeof step === 'number') return [put(Array.isArray(within) ? within[0] : undefined, rest, value)];
  const fields = typeof within === 'object' && within !== null && !Array.isArray(within) ? within : {};
  return { ...fields, [step]: put((fields as Record<string, unknown>)[step], rest, value) };
};

/** Where a schema expects something, and the body around it that leads there. */
const placesIn = (schema: z.core.$ZodType, path: Place['path'], within: unknown): readonly Place[] => {
  const here = { path, within };
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault)
    return placesIn(schema.unwrap(), path, within);
  if (schema instanceof z.ZodPipe) return placesIn(schema.in, path, within);
  if (schema instanceof z.ZodArray) return [here, ...placesIn(schema.element, [...path, 0], within)];
  if (schema instanceof z.ZodDiscriminatedUnion)
    return [here, ...schema.options.flatMap((option) => placesIn(option, path, within))];
  if (!(schema instanceof z.ZodObject)) return [here];
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  const fields = Object.entries(shape);
  const chosen = fields.reduce(
    (body, [name, field]) => (field instanceof z.ZodLiteral ? put(body, [...path, name], field.value) : body),
    within,
  );
  const inner = fields.flatMap(([name, field]) => placesIn(field, [...path, name], chosen));
  return [{ path, within: chosen }, { path: [...path, 'surprise'], within: chosen }, ...inner];
};

const wrongValues: readonly unknown[] = [
  undefined, null, true, 0, -1, 1.5, 1e30, '', ' ', 'x'.repeat(5_000), '\u0000', 'not-a-url', [], [7], [null], {}, { surprise: 1 }, { ['x'.repeat(300)]: 1 },
]; // prettier-ignore

const jargon = /Invalid|expected|received|Too (?:small|big)|Unrecognized|undefined|\[object|NaN|=>|regex|safeint/;
const rest = String.raw`(?:is missing; it )?(?:must |is |cannot |has a name that must |or google_pay_token is )`;

const isSentence = ({ field, message }: ErrorItem): boolean => {
  const subject = field ?? 'The body';
  return message.startsWith(`${subject} `) && new RegExp(`^${rest}`).test(message.slice(subject.length + 1));
};

describe.each(Object.entries(schemas))('what is wrong with any field of %s', (_name, schema) => {
  const places = placesIn(schema, [], {});
  const items = places.flatMap(({ path, within }) =>
    wrongValues.flatMap((value) => itemsFor(schema, put(within, path, value))),
  );

  it('is a sentence about the field that says what is allowed, in nobody’s jargon', () => {
    expect(items.length).toBeGreaterThan(places.length);
    const odd = items.filter((item) => !isSentence(item) || jargon.test(item.message));
    expect([...new Set(odd.map(({ message }) => message))]).toEqual([]);
  });
});
