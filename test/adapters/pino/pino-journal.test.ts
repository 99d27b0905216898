import { describe, expect, it } from '@jest/globals';
import { PinoJournal } from '../../../src/adapters/pino/pino-journal.js';

interface Line {
  readonly [field: string]: unknown;
}

const serverKey = 'Mid-server-of-odd-length';

const journalAt = (level: string): { readonly journal: PinoJournal; readonly lines: () => readonly Line[]; readonly text: () => string } => {
  const written: string[] = [];
  const journal = new PinoJournal({ level, service: 'payment-service', secrets: [serverKey, 'a secret in words'], destination: { write: (text) => void written.push(text) } });
  return { journal, lines: () => written.map((line) => JSON.parse(line) as Line), text: () => written.join('') };
}; // prettier-ignore

describe('the journal', () => {
  it('writes the texts that operators search for as they stand, one JSON line each', () => {
    const { journal, lines } = journalAt('info');
    journal.info('Payment initiated: order_id=o-1, amount=50000, payment_type=bank_transfer', { payment_id: 'p' });
    journal.error('Payment failed: order_id=o-1, error=Token id is missing');
    journal.warn('Payment webhook validation failed: order_id=o-1, reason=wrong signature');
    expect(lines()).toEqual([
      { level: 'info', time: expect.stringMatching(/Z$/), service: 'payment-service', payment_id: 'p', msg: 'Payment initiated: order_id=o-1, amount=50000, payment_type=bank_transfer' },
      { level: 'error', time: expect.any(String), service: 'payment-service', msg: 'Payment failed: order_id=o-1, error=Token id is missing' },
      { level: 'warn', time: expect.any(String), service: 'payment-service', msg: 'Payment webhook validation failed: order_id=o-1, reason=wrong signature' },
    ]);
  }); // prettier-ignore

  it('writes an alarm as an error with its name', () => {
    const { journal, lines } = journalAt('info');
    journal.alarm('wrong_signatures', 'Somebody forges', { count: 21 });
    expect(lines()).toEqual([
      { level: 'error', time: expect.any(String), service: 'payment-service', count: 21, alarm: 'wrong_signatures', msg: 'Somebody forges' },
    ]);
  }); // prettier-ignore

  it('writes what its level asks for and no more', () => {
    const { journal, lines } = journalAt('warn');
    journal.info('not this');
    journal.warn('this');
    journal.error('and this');
    expect(lines().map(({ msg }) => msg)).toEqual(['this', 'and this']);
  });

  it('writes an error with its kind, stack and causes, but not with what else hangs on it', () => {
    const { journal, lines, text } = journalAt('info');
    const failure = Object.assign(new TypeError('outer', { cause: new Error('inner') }), {
      request: { body: 'private' },
    });
    journal.error('It failed', {}, failure);
    const err = lines()[0]?.['error'] as { type: string; message: string; stack: string; cause: { message: string } };
    expect([err.type, err.message, err.cause.message]).toEqual(['TypeError', 'outer', 'inner']);
    expect(err.stack).toContain('pino-journal.test');
    expect(text()).not.toContain('private');
  });

  it.each([
    ['the server key in use', serverKey],
    ['another secret in use', 'a secret in words'],
    ['a server key of the sandbox', 'SB-Mid-server-Zk3tP0vQx8RrW5yLbN2sHd7c'],
    ['a server key of production', 'Mid-server-Zk3tP0vQx8RrW5yLbN2sHd7c'],
    ['an access token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.Wm9uZSBvZiBhIHNpZ25hdHVyZSB0aGF0IGlzIGxvbmc'],
    ['who logs in to a store', 'mongodb://payments:letmein-now@'],
    ['an Authorization header', 'Basic U0ItTWlkLXNlcnZlci1hYmM='],
    ['an e-mail address', 'budi.utomo@example.co.id'],
    ['a card number', '4811 1111 1111 1114'],
  ])('never shows %s, wherever it stands', (_what, secret) => {
    const { journal, text } = journalAt('info');
    journal.info(`It says ${secret}.`, { note: `and ${secret}` });
    journal.error('It failed', {}, new Error(`because of ${secret}`));
    journal.alarm('parked_key', `Look: ${secret}`, { note: secret });
    expect(text()).not.toContain(secret);
    expect(text()).not.toContain(secret.slice(-8, -1));
  });

  it.each([
    'Mid-server-mwzjgv53',
    'SB-Mid-server-7',
    'eyJhbGci.abc.x',
    `eyJ${'a'.repeat(14)}.eyJ${'b'.repeat(14)}.${'c'.repeat(14)}`,
    'Bearer-token_12345678',
    'basic~order.id',
  ])('writes the order id %s as it stands', (orderId) => {
    const { journal, lines } = journalAt('info');
    const texts = [
      `Payment initiated: order_id=${orderId}, amount=50000, payment_type=gopay`,
      `Payment failed: order_id=${orderId}, error=Denied`,
      `Payment webhook validation failed: order_id=${orderId}, reason=wrong signature`,
    ] as const;
    journal.info(texts[0]);
    journal.error(texts[1]);
    journal.warn(texts[2], { order_id: orderId });
    expect(lines().map(({ msg }) => msg)).toEqual(texts);
    expect(lines()[2]?.['order_id']).toBe(orderId);
  });

  it.each(['authorization', 'token_id', 'snap_token', 'email', 'phone', 'first_name', 'jwt_secret', 'signature_key'])(
    'never shows the field %s',
    (field) => {
      const { journal, lines } = journalAt('info');
      journal.info('x', { [field]: 'private', order_id: 'o-1' });
      expect(lines()[0]).toMatchObject({ [field]: '[redacted]', order_id: 'o-1' });
    },
  );
});
