import { describe, expect, it } from '@jest/globals';
import { transactionId, wishId } from '../../../src/domain/payments/identity.js';
import type { ActionName, Stage } from '../../../src/domain/payments/stages.js';
import { givenPayment, seconds, shows, wait, type Step } from './payment-story.js';
import {
  actionNotSent,
  actionRefused,
  actionWish,
  atStage,
  charged,
  claimAction,
  lookedUp,
  observed,
  openPage,
  refundStatus,
  observedRefund,
  request,
  requestRefund,
  toSendAt,
  transaction,
  unanswered,
} from './wishes-and-reports.js';
import { asked, event, moved, wish } from './written.js';

type Column = Exclude<Stage, 'failure'> | 'partial_refund' | 'refund';

const columns: readonly Column[] = [
  'pending', 'authorize', 'capture', 'challenge', 'settlement', 'partial_refund', 'deny', 'cancel', 'expire', 'refund',
]; // prettier-ignore

// midtrans-facts 4.2, as it is printed there: what Midtrans would make of it, or 412. The last column is four.
const table: Readonly<Record<ActionName, readonly (Stage | 412)[]>> = {
  Cancel:   ['cancel', 'cancel',  'cancel', 'cancel',  412, 412, 412, 412, 412, 412],
  Expiry:   ['expire', 412,       412,      412,       412, 412, 412, 412, 412, 412],
  Capture:  [412,      'capture', 412,      412,       412, 412, 412, 412, 412, 412],
  Approval: [412,      412,       412,      'capture', 412, 412, 412, 412, 412, 412],
  Denial:   [412,      412,       412,      'deny',    412, 412, 412, 412, 412, 412],
}; // prettier-ignore

const statusIn = (column: Column) => (column === 'challenge' ? 'capture' : column);

const at = (column: Column): readonly Step[] => {
  switch (column) {
    case 'partial_refund':
      return [...charged('settlement', 'credit_card'), refunded('partial_refund', 4_000)];
    case 'refund':
      return [...charged('settlement', 'credit_card'), refunded('refund', 10_000)];
    default:
      return charged(column, 'credit_card');
  }
};

const refunded = (status: 'refund' | 'partial_refund', amount: number): Step =>
  observed(refundStatus(status, [observedRefund('r-9', amount)], 'credit_card'));

const cases = (Object.keys(table) as ActionName[]).flatMap((action) =>
  columns.map((column, index) => ({ action, column, reaches: table[action][index] ?? 412 })),
);

const requested = (action: ActionName) =>
  wish({
    type: `${action}Requested`,
    wishId: actionWish,
    transactionId: transactionId('tx-1'),
    reason: 'a clerk asked',
    amount: null,
  });

describe('table 4.2: which action from which state', () => {
  it('has every action and every state', () => expect(cases).toHaveLength(50));

  it.each(cases.filter(({ reaches }) => reaches !== 412 && reaches !== 'capture'))(
    '$action of a payment at $column is asked for, and reaches $reaches',
    ({ action, column, reaches }) => {
      if (reaches === 412) return;
      givenPayment(...at(column))
        .when(request(action))
        .thenWrites(requested(action), shows({ inDoubt: true }));
      givenPayment(...at(column), request(action))
        .when(atStage(reaches, 'credit_card'))
        .thenShows({ status: reaches, inDoubt: false });
    },
  );

  it.each(['Capture', 'Approval'] as const)('%s reaches capture, and is reached by a settlement too', (action) => {
    const from = action === 'Capture' ? 'authorize' : 'challenge';
    for (const reached of ['capture', 'settlement'] as const)
      givenPayment(...charged(from, 'credit_card'), request(action))
        .when(atStage(reached, 'credit_card'))
        .thenShows({ status: reached, inDoubt: false, paid: true });
  });

  it('Approval of a challenge is asked for', () =>
    givenPayment(...charged('challenge', 'credit_card'))
      .when(request('Approval'))
      .thenWrites(requested('Approval')));

  it.each(cases.filter(({ reaches }) => reaches === 412))(
    '$action of a payment at $column is not allowed',
    ({ action, column }) =>
      givenPayment(...at(column))
        .when(request(action))
        .thenRejected({ code: 'action-not-allowed', action, status: statusIn(column) }),
  );

  it.each(['Cancel', 'Expiry', 'Capture', 'Approval', 'Denial'] as const)(
    '%s of a failed payment is not allowed',
    (action) =>
      givenPayment(...charged('failure', 'credit_card'))
        .when(request(action))
        .thenRejected({ code: 'action-not-allowed', action, status: 'failure' }),
  );

  it.each(columns.filter((column) => column !== 'settlement' && column !== 'partial_refund' && column !== 'refund'))(
    'a refund at %s is not for now',
    (column) =>
      givenPayment(...at(column))
        .when(requestRefund(1_000))
        .thenRejected({ code: 'not-refundable-now', status: statusIn(column) }),
  );
});

describe('what a method does not offer', () => {
  it('is cancelling a pending OVO payment; it can be expired', () => {
    givenPayment(...charged('pending', 'ovo'))
      .when(request('Cancel'))
      .thenRejected({ code: 'action-not-allowed', action: 'Cancel', status: 'pending' });
    givenPayment(...charged('pending', 'ovo'))
      .when(request('Expiry'))
      .thenWrites(requested('Expiry'));
  });
});

describe('the outcome of an action', () => {
  const cancelling = [...charged('pending'), request('Cancel')];

  it('is refused by Midtrans, with its word', () =>
    givenPayment(...cancelling)
      .when(actionRefused('state', 412))
      .thenWrites(
        event({
          type: 'CancelRefused',
          wishId: actionWish,
          because: 'state',
          statusCode: 412,
          message: 'Midtrans says 412',
        }),
        shows({ status: 'pending', inDoubt: false }),
      ));

  it('is overtaken when the transaction moves where the action cannot reach', () => {
    const settlement = transaction('settlement');
    givenPayment(...cancelling)
      .when(observed(settlement))
      .thenShows({ status: 'settlement', inDoubt: false });
    givenPayment(...cancelling, observed(settlement))
      .when(actionRefused('state', 412))
      .thenNothing();
  });

  it('is still open while another try of the customer moves', () => {
    const page = [...openPage, atStage('pending', 'bca'), request('Cancel')];
    givenPayment(...page)
      .when(atStage('pending', 'gopay', { transactionId: transactionId('tx-2') }))
      .thenShows({ inDoubt: true });
    givenPayment(...page, atStage('settlement', 'gopay', { transactionId: transactionId('tx-2') }))
      .when(observed(transaction('cancel', 'bca')))
      .thenWrites(
        moved('PaymentCancelled', transaction('cancel', 'bca')),
        shows({ status: 'settlement', inDoubt: false }),
      );
  });

  it.each([
    ['Cancel', 'pending', 'capture'],
    ['Cancel', 'pending', 'authorize'],
    ['Cancel', 'pending', 'challenge'],
    ['Cancel', 'authorize', 'capture'],
    ['Cancel', 'challenge', 'capture'],
    ['Expiry', 'pending', 'authorize'],
    ['Capture', 'authorize', 'challenge'],
  ] as const)(
    'is overtaken: %s, asked of what was at %s, does nothing to what has become %s meanwhile',
    (action, from, to) => {
      const inDoubt = [...charged(from, 'credit_card'), request(action), unanswered(actionWish)];
      givenPayment(...inDoubt, atStage(to, 'credit_card')).thenShows({
        status: to === 'challenge' ? 'capture' : to,
        inDoubt: false,
      });
      givenPayment(...inDoubt, atStage(to, 'credit_card'), wait(seconds(30)))
        .when(claimAction)
        .thenRejected({ code: 'attempt-not-due' });
    },
  );

  it('can still be that it was carried out in time, though it was overtaken by what we heard', () =>
    givenPayment(...charged('pending', 'credit_card'), request('Cancel'), atStage('capture', 'credit_card'))
      .when(atStage('cancel', 'credit_card'))
      .thenShows({ status: 'cancel', paid: false, captured: 0 }));

  it('is none of a wish that is not open', () => {
    givenPayment(...cancelling)
      .when(actionRefused('state', 412, wishId('another-wish')))
      .thenNothing();
    givenPayment(...charged('pending'))
      .when(actionNotSent())
      .thenNothing();
    givenPayment(...charged('pending'))
      .when(unanswered(actionWish))
      .thenNothing();
  });

  it('is open after a late no to an earlier send: the later one may be carried out', () => {
    const sentTwice = [...cancelling, wait(seconds(30)), claimAction];
    for (const [no, message] of [
      [actionRefused('state', 412, actionWish, toSendAt(0)), 'Midtrans says 412'],
      [actionNotSent('unreachable', toSendAt(0)), 'connection refused'],
    ] as const)
      givenPayment(...sentTwice)
        .when(no)
        .thenWrites(event({ type: 'GatewayUnanswered', wishId: actionWish, message }), shows({ inDoubt: true }));
    // Refused since, and asked for again under the same key.
    givenPayment(...cancelling, actionRefused(), wait(seconds(5)), request('Cancel'))
      .when(actionNotSent('unreachable', toSendAt(0)))
      .thenShows({ inDoubt: true });
  });

  it('may be asked for again under the same key after a no, and is done under it after a yes', () => {
    givenPayment(...cancelling, actionRefused())
      .when(request('Cancel'))
      .thenWrites(requested('Cancel'));
    givenPayment(...cancelling, actionNotSent())
      .when(request('Cancel'))
      .thenWrites(requested('Cancel'));
    givenPayment(...cancelling, atStage('cancel'))
      .when(request('Cancel'))
      .thenNothing();
  });
});

describe('claiming an action in doubt', () => {
  const inDoubt = [...charged('pending'), request('Cancel'), unanswered(actionWish)];
  const attempted = wish({ type: 'CancelAttempted', wishId: actionWish });

  it('is for its caller alone before answer_by, and for anybody from then on', () => {
    givenPayment(...inDoubt, wait(seconds(30) - 1))
      .when(claimAction)
      .thenRejected({ code: 'attempt-not-due' });
    givenPayment(...inDoubt, wait(seconds(30)))
      .when(claimAction)
      .thenWrites(attempted);
  });

  it('gives the one who claims it a time of its own', () => {
    const claimed = [...inDoubt, wait(seconds(30)), claimAction];
    givenPayment(...claimed, wait(seconds(30) - 1))
      .when(claimAction)
      .thenRejected({ code: 'attempt-not-due' });
    givenPayment(...claimed, wait(seconds(30)))
      .when(claimAction)
      .thenWrites(attempted);
  });

  it('is over when there is no action', () => {
    givenPayment(...charged('pending'))
      .when(claimAction)
      .thenRejected({ code: 'attempt-not-due' });
    givenPayment(...inDoubt, atStage('cancel'), wait(seconds(60)))
      .when(claimAction)
      .thenRejected({ code: 'attempt-not-due' });
  });

  it('does not make a look a send', () =>
    givenPayment(...inDoubt, wait(seconds(30)))
      .when(lookedUp(transaction('pending'), 'pending'))
      .thenWrites(asked('pending'), shows({ inDoubt: true })));
});
