import { randomInt, randomUUID } from 'node:crypto';
import { cardChargeOf, openCard, presentedCard } from '../cards/card-opening.js';
import type { CardTokens } from '../cards/card-tokens.js';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { GopayAccounts } from '../gopay-accounts/gopay-accounts.js';
import type { Refusal } from '../http/refusal.js';
import { coreRefusal, invalidPayload } from '../http/refusal.js';
import { readAs } from '../http/validation.js';
import type { Activations } from '../methods/activations.js';
import type { ChargeRequest } from '../methods/charge-request.js';
import { chargeRequestSchema, recurringRequestSchema, unitMs } from '../methods/charge-request.js';
import { checkCustomer } from '../methods/customer-rules.js';
import type { Method, MethodRule } from '../methods/method-rules.js';
import { ruleOf } from '../methods/method-rules.js';
import type { Opening, OpeningDesk } from '../methods/opening.js';
import { openingFor } from '../methods/openings.js';
import type { Switches } from '../switches.js';
import type { TransactionBook } from './transaction-book.js';
import type { Fields, NotificationUrls, Transaction } from './transaction.js';
import { declined, paid } from './transitions.js';

/** Where a charge comes from, beside its body. */
export interface ChargeOrigin {
  readonly urls: NotificationUrls;
  /** Set when the customer picked the method on a Snap page, which is entitled to its order id. */
  readonly snap: { readonly token: string; readonly expiresAt: number | null } | null;
}

/** Opens transactions: the one way in, for POST /v2/charge, Snap pages and subscriptions. */
export class Charging {
  constructor(
    private readonly book: TransactionBook,
    private readonly clock: SimulatorClock,
    private readonly tokens: CardTokens,
    private readonly accounts: GopayAccounts,
    private readonly activations: Activations,
    private readonly publicUrl: string,
    private readonly switches: Pick<Switches, 'kredivoDetails'>,
  ) {}

  /** Throws a Refusal or a ZodError for what Midtrans would refuse. */
  charge(body: unknown, origin: ChargeOrigin): Transaction {
    const request = readAs(chargeRequestSchema, body ?? {});
    checkItems(request);
    if (!origin.snap) this.checkOrderId(request.transaction_details.order_id);
    return this.chargeRequest(request, origin);
  }

  /** For subscriptions, whose order ids are the simulator's own. */
  chargeRecurring(body: unknown, origin: ChargeOrigin): Transaction {
    return this.chargeRequest(readAs(recurringRequestSchema, body), origin);
  }

  private chargeRequest(request: ChargeRequest, origin: ChargeOrigin): Transaction {
    return request.payment_type === 'credit_card'
      ? this.chargeCard(request, origin)
      : this.chargeOther(request, origin);
  }

  private chargeCard(request: ChargeRequest, origin: ChargeOrigin): Transaction {
    const { gross_amount: amount } = request.transaction_details;
    this.activations.check('credit_card');
    checkAmount('credit_card', amount);
    const charge = cardChargeOf(request);
    const card = presentedCard(charge, amount, this.tokens);
    const desk = this.deskFor(request, card.transactionId);
    const opening = openCard(charge, card, this.tokens, desk);
    if (charge.token_id) this.tokens.use(charge.token_id);
    return this.open(opening, request, desk, origin);
  }

  private chargeOther(request: ChargeRequest, origin: ChargeOrigin): Transaction {
    const desk = this.deskFor(request, randomUUID());
    const opening = this.openingOf(request, desk, origin);
    this.activations.check(opening.method);
    checkAmount(opening.method, desk.grossAmount);
    checkCustomer(opening.method, request);
    return this.open(opening, request, desk, origin);
  }

  private openingOf(request: ChargeRequest, desk: OpeningDesk, origin: ChargeOrigin): Opening {
    const linked = request.payment_type === 'gopay' ? this.accounts.openLinked(request, desk) : undefined;
    const open = openingFor(request.payment_type, origin.snap ? 'snap' : 'core');
    if (!open) throw invalidPayload(['payment_type is not supported']);
    return linked ?? open(request, desk);
  }

  private open(opening: Opening, request: ChargeRequest, desk: OpeningDesk, origin: ChargeOrigin): Transaction {
    const expiresAt = opening.expiresAt ?? expiryOf(request, ruleOf(opening.method), desk.now, origin);
    const transaction = pendingTransaction(opening, request, desk, origin, expiresAt);
    return this.book.record(atOnce(transaction, opening, desk.now));
  }

  private checkOrderId(orderId: string): void {
    // Free again only after expire and cancel (midtrans-facts 2.2).
    const taken = this.book.attemptsOf(orderId).some(({ status }) => status !== 'expire' && status !== 'cancel');
    if (taken) throw orderIdTaken();
  }

  private deskFor(request: ChargeRequest, transactionId: string): OpeningDesk {
    const { order_id: orderId, gross_amount: grossAmount } = request.transaction_details;
    return {
      transactionId,
      orderId,
      grossAmount,
      now: this.clock.now(),
      publicUrl: this.publicUrl,
      kredivoDetails: this.switches.kredivoDetails,
      digits: randomDigits,
      isNumberTaken: (number) => this.book.isNumberTaken(number),
    };
  }
}

const orderIdTaken = (): Refusal =>
  coreRefusal(
    406,
    'The request could not be completed due to a conflict with the current state of the target resource, please try again',
  );

const randomDigits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('');

const checkItems = ({ item_details: items, transaction_details: { gross_amount: amount } }: ChargeRequest): void => {
  if (!items) return;
  const sum = items.reduce((total, { price, quantity }) => total + price * quantity, 0);
  if (sum !== amount)
    throw invalidPayload(['transaction_details.gross_amount is not equal to the sum of item_details']);
};

/** The code of a breach is not verified (midtrans-facts 2.1): taken to be a validation error. */
const checkAmount = (method: Method, amount: number): void => {
  const { min, max } = ruleOf(method).amount;
  if (amount < min) throw invalidPayload([`transaction_details.gross_amount must be greater than or equal to ${min}`]);
  if (max !== null && amount > max)
    throw invalidPayload([`transaction_details.gross_amount must be less than or equal to ${max}`]);
};

const expiryOf = (request: ChargeRequest, rule: MethodRule, now: number, { snap }: ChargeOrigin): number => {
  const custom = request.custom_expiry;
  if (!rule.customExpiry) return now + rule.expiryMs;
  const { minMs, maxMs } = rule.customExpiry;
  if (snap?.expiresAt) return Math.min(snap.expiresAt, now + maxMs);
  if (!custom) return now + rule.expiryMs;
  const durationMs = custom.expiry_duration * unitMs[custom.unit];
  if (durationMs < minMs || durationMs > maxMs) throw invalidPayload(['custom_expiry.expiry_duration is out of range']);
  return (custom.order_time ?? now) + durationMs;
};

const pendingTransaction = (
  opening: Opening,
  request: ChargeRequest,
  desk: OpeningDesk,
  { urls, snap }: ChargeOrigin,
  expiresAt: number,
): Transaction => {
  const rule = ruleOf(opening.method);
  return {
    id: desk.transactionId,
    orderId: desk.orderId,
    method: opening.method,
    paymentType: rule.paymentType,
    grossAmount: desk.grossAmount,
    status: 'pending',
    fraudStatus: rule.hasFraudStatus ? 'accept' : null,
    statusMessage: opening.statusMessage,
    createdAt: desk.now,
    expiresAt,
    settlesAt: null,
    settledAt: null,
    comingVerdict: opening.comingVerdict ?? null,
    holdOnly: opening.holdOnly ?? false,
    chargeFields: opening.chargeFields ?? {},
    fields: opening.fields ?? {},
    settledFields: opening.settledFields ?? {},
    card: opening.card ?? null,
    refunds: [],
    chargedBack: 0,
    echo: echoOf(request),
    notificationUrls: urls,
    snapToken: snap?.token ?? null,
  };
};

const echoed = ['custom_field1', 'custom_field2', 'custom_field3', 'metadata'] as const;

const echoOf = (request: ChargeRequest): Fields =>
  Object.fromEntries(
    echoed.flatMap((name) => {
      const value = request[name];
      return value === undefined || value === null ? [] : [[name, value] as const];
    }),
  );

const atOnce = (transaction: Transaction, opening: Opening, now: number): Transaction => {
  if (opening.atOnce === 'pay') return paid(transaction, now);
  return opening.atOnce === 'deny' ? declined(transaction) : transaction;
};
