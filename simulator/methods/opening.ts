import type { Fields, Transaction } from '../transactions/transaction.js';
import type { Method } from './method-rules.js';

/** Through which API a charge comes: what a customer picks on a Snap page is charged as Snap's. */
export type Channel = 'core' | 'snap';

/** What a method makes of a charge: its part of the new transaction. */
export interface Opening
  extends
    Pick<Transaction, 'method' | 'statusMessage'>,
    Partial<
      Pick<
        Transaction,
        'chargeFields' | 'fields' | 'settledFields' | 'card' | 'comingVerdict' | 'expiresAt' | 'holdOnly'
      >
    > {
  readonly method: Method;
  /** Set when nobody has to act: the bank's word falls with the charge. */
  readonly atOnce?: 'pay' | 'deny';
}

/** What the outside lends a method while it opens a transaction. */
export interface OpeningDesk {
  readonly transactionId: string;
  readonly orderId: string;
  readonly grossAmount: number;
  readonly now: number;
  /** Where customers reach the simulator, without a slash at the end. */
  readonly publicUrl: string;
  /** Whether Kredivo insists on what the facts list for it. */
  readonly kredivoDetails: boolean;
  readonly digits: (count: number) => string;
  readonly isNumberTaken: (number: string) => boolean;
}

export type Action = { readonly name: string; readonly method: 'GET' | 'POST'; readonly url: string } & Fields;

export const action = (name: string, method: 'GET' | 'POST', url: string): Action => ({ name, method, url });
