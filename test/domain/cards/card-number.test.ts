import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { hasCardNumber, isCardNumber, withoutCardNumbers } from '../../../src/domain/cards/card-number.js';
import { cardNumberIn, hasLongCardNumber } from '../../../src/adapters/http/requests/card-number-search.js';

/** midtrans-facts 8. */
const testCards = `
4811111111111114 5211111111111117 3528203324564357 370192169722458 6212487892425802
4911111111111113 5111111111111118 3528512944932269 374296354400881 6212484129687072
4411111111111118 5410111111111116 3528868047864225 373747726661940 6212489506621198
4511111111111117 5510111111111115 3528673112809398 370665684049309
4611111111111116 5411111111111115 3528185267171623 378096218340018 6212482535178193972
4711111111111115 5511111111111114 3528909779837631 370356097975856 6212484228635865
4556557955726624 4024007189449340 5333259155643223 341502098634895 4485436455354151 5328720384582224 345695399207589
4916994064252017 5306889942833340 348638267931507 4604633194219929 5424184049821670 372021106351394
4024007176265022 5487971631330522 345197771649926 4716125059847899 5250548692069390 3794521996036850
4723249479082225 5555666677771111 3528927894502153 3419184532253540 4705859510984866 5597518926561951
4472429869996670 4806000000000081
4617006959746656 5573381072196900 4617001741942101 5573381999825417 4097661111111113 4599207887122414 5481169818832479
4105058689481467 5264221038874659 4773776057051650 5229903136853172 4365026335737199 5520029870899100
4201910000000009 5221030000000009 4055772026036004 5520086752102334`
  .trim()
  .split(/\s+/);

const card = fc.constantFrom(...testCards);

/** In groups of four, or of any size from three on, apart as people type and programs print them. */
const grouped = fc
  .tuple(card, fc.array(fc.integer({ min: 3, max: 6 }), { minLength: 8, maxLength: 8 }), fc.constantFrom(' ', '-', '.', '\u00a0', '  ', '\t', '/', '_', ',', ', ', ' - ', ' \u2013 '))
  .map(([digits, sizes, separator]) => {
    const groups: string[] = [];
    let at = 0;
    for (const size of sizes) {
      groups.push(digits.slice(at, at + size));
      at += size;
    }
    return groups.filter((group) => group !== '').join(separator);
  }); // prettier-ignore

const words = fc.stringMatching(/^[a-zA-Z ,:!?/]{0,20}$/);

describe('a card number', () => {
  it.each(testCards)('is recognised: the test card %s', (digits) => expect(isCardNumber(digits)).toBe(true));

  it('is recognised in any text, in groups or not', () => {
    fc.assert(
      fc.property(words, fc.oneof(card, grouped), words, (before, number, behind) =>
        hasCardNumber(`${before}${number}${behind}`),
      ),
    );
  });

  it('is recognised beside other digits', () => {
    expect(hasCardNumber('2 4811 1111 1111 1114')).toBe(true);
    expect(hasCardNumber('4811-1111-1111-1114 12/30 123')).toBe(true);
    expect(hasCardNumber('order-4811111111111114')).toBe(true);
  });

  it('is recognised in digits of full width', () => {
    const wide = '4811 1111 1111 1114'.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    expect(hasCardNumber(wide)).toBe(true);
    expect(withoutCardNumbers(`paid with ${wide}.`)).toBe('paid with [card number].');
  });

  it('has a right check digit: one digit changed, and it is none', () => {
    fc.assert(
      fc.property(card, fc.nat(18), fc.integer({ min: 1, max: 9 }), (digits, place, more) => {
        const at = place % digits.length;
        const changed = (Number(digits[at]) + more) % 10;
        return !isCardNumber(`${digits.slice(0, at)}${changed}${digits.slice(at + 1)}`);
      }),
    );
  });

  it.each([
    ['4', '411111111111116', 'Visa has 13, 16 or 19 digits'],
    ['5', '51111111111111119', 'Mastercard has 16'],
    ['9', '9111111111111111', 'nobody begins with 9'],
    ['1', '1111111111111117', 'nor with 1'],
  ])('has a length that fits its issuer: %s…', (_first, digits) => expect(isCardNumber(digits)).toBe(false));

  it('is not seen in a UUID, whatever its digits', () => {
    fc.assert(fc.property(fc.uuid(), words, (uuid, around) => !hasCardNumber(`${around}${uuid} ${around}`)));
    const digitsOnly = fc.array(fc.stringMatching(/^\d{32}$/), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(digitsOnly, (many) =>
        many
          .map((d) => `${d.slice(0, 8)}-${d.slice(8, 12)}-${d.slice(12, 16)}-${d.slice(16, 20)}-${d.slice(20)}`)
          .every((uuid) => !hasCardNumber(uuid)),
      ),
    );
  });

  it('is not seen in a token id, though that holds the first and the last digits of one', () => {
    fc.assert(
      fc.property(card, fc.uuid(), fc.constantFrom(6, 8), (digits, uuid, first) =>
        !hasCardNumber(`${digits.slice(0, first)}-${digits.slice(-4)}-${uuid}`),
      ),
    );
  }); // prettier-ignore

  it('does not grow from dates, whatever they are', () => {
    const day = fc.tuple(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 2020, max: 2060 }));
    const apart = fc.constantFrom(' - ', ', ', ' ', '/', '-');
    fc.assert(
      fc.property(day, day, fc.constantFrom('/', '-', '.'), apart, (from, to, within, between) =>
        !hasCardNumber(`${from.join(within)}${between}${to.join(within)}`),
      ),
    );
  }); // prettier-ignore

  it.each(['081234567890', '+62 812 3456 7890', '2026-11-23T05:49:00.000Z', '1763876940000', '127.0.0.1', 'G812785002', '48111111-1114'])(
    'is not seen in %s',
    (text) => expect(hasCardNumber(text)).toBe(false),
  ); // prettier-ignore

  it('is taken out of a text, and nothing else of it', () => {
    expect(withoutCardNumbers('paid with 4811 1111 1111 1114, order_id=o-1')).toBe('paid with [card number], order_id=o-1');
    fc.assert(fc.property(words, card, (text, digits) => !withoutCardNumbers(`${text}${digits}`).includes(digits)));
  }); // prettier-ignore
});

describe('looking for a card number in a request', () => {
  it('finds it at any depth, as text, as a number and as the name of a field, and says where without repeating it', () => {
    const number = '4811111111111114';
    expect(cardNumberIn({ metadata: { note: [`my card ${number}`] } })).toBe('metadata.note.0');
    expect(cardNumberIn({ metadata: { card: 4_811_111_111_111_114 } })).toBe('metadata.card');
    expect(cardNumberIn({ metadata: { [number]: 1 } })).toBe('metadata');
    expect(cardNumberIn(number)).toBe('');
    expect(cardNumberIn({ metadata: { note: 'no card' } })).toBeUndefined();
  });

  it('takes the number of a virtual account for none, and nothing else of that name', () => {
    const number = '4811111111111114';
    expect(cardNumberIn({ payment_details: { va_number: number } })).toBeUndefined();
    expect(cardNumberIn({ payment_details: { va_number: { pan: number } } })).toBe('payment_details.va_number.pan');
    expect(cardNumberIn({ metadata: { va_number: number } })).toBe('metadata.va_number');
  });

  it('takes a token for none, but a card number in the place of a token for one', () => {
    const number = '4811111111111114';
    const saved = `48111111x${number}x121114`;
    const details = (fields: Record<string, unknown>) => cardNumberIn({ payment_details: fields });
    expect(details({ token_id: saved, google_pay_token: { signedMessage: `{"k":"${saved}+/="}` } })).toBeUndefined();
    expect(details({ token_id: '4811 1111 1111 1114' })).toBe('payment_details.token_id');
    expect(details({ token_id: `card ${number}` })).toBe('payment_details.token_id');
    expect(details({ account_id: `${number} 12/30 123` })).toBe('payment_details.account_id');
    expect(details({ google_pay_token: { pan: `${number} 12/30` } })).toBe('payment_details.google_pay_token.pan');
  });

  it('trusts no name of a token where no token is sent', () => {
    const saved = '48111111x4811111111111114x121114';
    expect(cardNumberIn({ metadata: { token_id: saved } })).toBe('metadata.token_id');
  });

  it('finds numbers that JSON.parse would not keep, but not inside texts, where they are looked for anyway', () => {
    expect(hasLongCardNumber('{"a":6212482535178193972}')).toBe(true);
    expect(hasLongCardNumber('{"va_number":"6212482535178193972","b":1}')).toBe(false);
    expect(hasLongCardNumber('{"a":"\\"6212482535178193972"}')).toBe(false);
  });
});
