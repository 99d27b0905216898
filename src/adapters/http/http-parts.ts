import type { BlockList } from 'node:net';
import type { IdempotentRequests } from '../../application/idempotency/idempotent-requests.js';
import type { PaymentMethods } from '../../application/methods/payment-methods.js';
import type { ReceiveNotification } from '../../application/notifications/receive-notification.js';
import type { ParkedKeys } from '../../application/parking/parked-keys.js';
import type { ResumeParkedKey } from '../../application/parking/resume-parked-key.js';
import type { ActOnPayment } from '../../application/payments/act-on-payment.js';
import type { FindPayments } from '../../application/payments/find-payments.js';
import type { MakePayment } from '../../application/payments/make-payment.js';
import type { RefundPayment } from '../../application/payments/refund-payment.js';
import type { SyncPayment } from '../../application/payments/sync-payment.js';
import type { Clock } from '../../application/ports/clock.js';
import type { Ids } from '../../application/ports/ids.js';
import type { Journal } from '../../application/ports/journal.js';
import type { ChargeOrder } from '../../application/ports/payment-gateway.js';
import type { PersonalDataReader } from '../../application/ports/personal-data.js';

export interface HttpSettings {
  readonly jwtSecret: string;
  /** Signs cursors (R8.1). */
  readonly webhookSecret: string;
  /** `TRUSTED_GATEWAYS`. */
  readonly trustedGateways: BlockList;
  readonly allowCustomerPayments: boolean;
  /** Midtrans' client key: public, for the card script in the browser. */
  readonly clientKey: string;
  readonly cardScript: { readonly url: string; readonly environment: 'sandbox' | 'production' };
}

export interface Readiness {
  /** Why the service should not be given work now, one line for each part that is missing; none: it is ready. */
  readonly reasons: readonly string[];
  /** Keys that wait for a person, counted up to a hundred. */
  readonly parkedKeys: number;
}

/** Everything that the HTTP side works with, as plain values. */
export interface HttpParts {
  readonly makePayment: MakePayment;
  readonly actOnPayment: ActOnPayment;
  readonly refundPayment: RefundPayment;
  readonly syncPayment: SyncPayment;
  readonly findPayments: FindPayments;
  readonly paymentMethods: PaymentMethods;
  readonly receiveNotification: ReceiveNotification;
  readonly parkedKeys: ParkedKeys;
  readonly resumeParkedKey: ResumeParkedKey;
  readonly idempotentRequests: IdempotentRequests;
  readonly personalData: PersonalDataReader;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly journal: Journal;
  /** Size of what Midtrans would be sent, in bytes. */
  readonly chargeRequestBytes: (order: ChargeOrder) => number;
  /** Answers within two seconds, whatever is missing. */
  readonly readiness: () => Promise<Readiness>;
  readonly settings: HttpSettings;
}
