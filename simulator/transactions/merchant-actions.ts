import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import { wibTime } from '../clock/wib-time.js';
import {
  coreRefusal,
  invalidPayload,
  notRefundable,
  statusNotModifiable,
  transactionUnknown,
} from '../http/refusal.js';
import { readAs } from '../http/validation.js';
import type { RefusedBy } from '../faults/http-faults.js';
import type { Switches } from '../switches.js';
import type { Merchant } from './messages.js';
import { actionAnswer, captureDeniedAnswer, refundAnswer, refundDeniedAnswer } from './messages.js';
import type { RefundRefusal, RefundWish } from './refunds.js';
import { refundRefusal, refunded } from './refunds.js';
import type { TransactionBook } from './transaction-book.js';
import type { Fields, Transaction } from './transaction.js';
import type { MerchantAction } from './transitions.js';
import {
  approved,
  canceled,
  captureMessage,
  capturedByMerchant,
  declined,
  expired,
  isPossible,
} from './transitions.js';

const captureSchema = z.object({ transaction_id: z.string().min(1), gross_amount: z.int().min(1).nullish() });

const refundSchema = z.object({
  refund_key: z
    .string()
    .regex(/^[A-Za-z0-9\-_]+$/, 'may only contain letters, digits, dash and underscore')
    .nullish(),
  amount: z.int().nullish(),
  reason: z.string().max(255).nullish(),
});

/** What a merchant can do with a transaction (midtrans-facts 5.4 to 5.6). Answers are Core bodies. */
export class MerchantActions {
  constructor(
    private readonly book: TransactionBook,
    private readonly clock: SimulatorClock,
    private readonly merchant: Merchant,
    private readonly switches: Pick<Switches, 'shopeePayPartialRefunds' | 'refundHours'>,
  ) {}

  cancel(id: string): Fields {
    return this.perform('cancel', id, canceled, '200', 'Success, transaction is canceled');
  }

  expire(id: string): Fields {
    return this.perform('expire', id, expired, '407', 'Success, transaction has expired');
  }

  approve(id: string): Fields {
    return this.perform('approve', id, approved, '200', 'Success, transaction is approved');
  }

  deny(id: string): Fields {
    return this.perform('deny', id, (challenge) => declined(challenge), '200', 'Success, transaction is denied');
  }

  /** Named by `transaction_id` in the body. One that the bank refuses can be tried again. */
  capture(body: unknown, refusedBy?: RefusedBy): Fields {
    const { transaction_id: id, gross_amount: asked } = readAs(captureSchema, body ?? {});
    const transaction = this.allowed('capture', id);
    const amount = asked ?? transaction.grossAmount;
    if (amount > transaction.grossAmount)
      throw invalidPayload([`gross_amount must be less than or equal to ${transaction.grossAmount}`]);
    if (refusedBy) return captureDeniedAnswer(transaction, amount);
    const captured = this.book.record(capturedByMerchant(transaction, amount, this.clock.now()));
    return actionAnswer(captured, '200', captureMessage(captured));
  }

  /** POST refund and refund/online/direct. */
  refund(id: string, body: unknown, direct: boolean, refusedBy?: RefusedBy): Fields {
    const { refund_key: key, amount, reason } = readAs(refundSchema, body ?? {});
    const transaction = this.known(id);
    // Without an amount it is the whole, not what is left (midtrans-facts 5.6).
    const whole = transaction.grossAmount;
    const wish = { key: key ?? randomUUID(), amount: amount ?? whole, reason: reason ?? null, direct };
    return this.refundAs(transaction, wish, refusedBy);
  }

  /** Throws the refusal of the API. The key of a refund that is refused stays free for another try. */
  refundAs(transaction: Transaction, wish: RefundWish, refusedBy?: RefusedBy): Fields {
    const now = this.clock.now();
    if (this.switches.refundHours && isShopee(transaction) && !isRefundHour(now)) throw notRefundable();
    const refusal = refundRefusal(transaction, wish, now, this.partialRefundsOverride(transaction));
    if (refusal) throw refundRefusals[refusal]();
    if (refusedBy === 'balance') throw balanceTooLow();
    if (refusedBy === 'bank') return refundDeniedAnswer(transaction, wish.key);
    const ids = { chargebackId: chargebackId(now), chargebackUuid: randomUUID() };
    const changed = this.book.record(refunded(transaction, wish, ids, now));
    const refund = changed.refunds.at(-1);
    if (!refund) throw new Error('a refund was accepted and is not there');
    return refundAnswer(changed, refund, this.merchant);
  }

  private partialRefundsOverride(transaction: Transaction): boolean | undefined {
    return isShopee(transaction) ? this.switches.shopeePayPartialRefunds : undefined;
  }

  private perform(
    action: MerchantAction,
    id: string,
    become: (transaction: Transaction) => Transaction,
    code: string,
    message: string,
  ): Fields {
    return actionAnswer(this.book.record(become(this.allowed(action, id))), code, message);
  }

  private allowed(action: MerchantAction, id: string): Transaction {
    const transaction = this.known(id);
    if (!isPossible(action, transaction)) throw statusNotModifiable(transaction.id);
    return transaction;
  }

  private known(id: string): Transaction {
    const transaction = this.book.findByPath(id);
    if (!transaction) throw transactionUnknown();
    return transaction;
  }
}

const isShopee = ({ method }: Transaction): boolean => method === 'shopeepay' || method === 'qris_shopee';

/** From 06:00 to 23:55 WIB (midtrans-facts 3.2). */
const isRefundHour = (now: number): boolean => {
  const time = wibTime(now).slice(11, 16);
  return time >= '06:00' && time < '23:55';
};

const refundRefusals: Readonly<Record<RefundRefusal, () => Error>> = {
  wrong_state: notRefundable,
  not_refundable: notRefundable,
  invalid_amount: () => coreRefusal(414, 'Refund request is rejected due to invalid amount'),
  duplicate_key: () => coreRefusal(406, 'Duplicate refund ID'),
};

/** The merchant's balance, not the amount; the text is not verified (midtrans-facts 5.6). */
const balanceTooLow = (): Error => coreRefusal(414, 'Refund request is rejected due to insufficient funds');

/** 18 digits, beyond 2^53, as the samples of the newer stack have them. */
const chargebackId = (now: number): string =>
  wibTime(now).replace(/\D/g, '') + String(randomInt(10_000)).padStart(4, '0');
