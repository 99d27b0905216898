import type { PaymentEvent } from '../../domain/payments/events.js';
import type { AlarmName, JournalFields } from '../ports/journal.js';

interface Alarm {
  readonly name: AlarmName;
  readonly message: string;
  readonly fields: JournalFields;
}

/** Events that a person must hear of. */
export const alarmOf = (event: PaymentEvent): Alarm | undefined => {
  if (event.type === 'GatewayContradiction') {
    const { kind, transactionId, detail } = event;
    const message = `Midtrans contradicts our record (${kind}); compare the payment's events with Midtrans' dashboard`;
    return { name: 'gateway_contradiction', message, fields: { kind, transaction_id: transactionId, detail } };
  }
  if (event.type === 'PaymentFailed' && event.because === 'gateway_order_id_taken')
    return {
      name: 'gateway_order_id_taken',
      message: 'Midtrans knows this order id from elsewhere: another system charges under the same ids',
      fields: {},
    };
  return undefined;
};
