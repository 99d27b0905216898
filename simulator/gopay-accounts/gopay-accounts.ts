import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import { coreRefusal } from '../http/refusal.js';
import { writeJson } from '../http/json.js';
import { readAs } from '../http/validation.js';
import type { ChargeRequest } from '../methods/charge-request.js';
import type { Opening, OpeningDesk } from '../methods/opening.js';
import { action } from '../methods/opening.js';
import type { Outbox } from '../notifications/outbox.js';
import type { Collection, Store } from '../store/store.js';
import type { Merchant } from '../transactions/messages.js';
import { accountSignatureKey } from '../transactions/signature.js';
import type { Fields } from '../transactions/transaction.js';
import type { GopayAccount, OptionToken, PaymentOption } from './gopay-account.js';
import {
  accountAnswer,
  gopayBalance,
  linkWithinMs,
  paymentOptions,
  phoneRefusal,
  pinNeededFrom,
  verificationActions,
} from './gopay-account.js';

/** Of those that no subscription holds. */
const tokensKept = 10 * paymentOptions.length;

const linkRequestSchema = z.object({
  payment_type: z.literal('gopay'),
  gopay_partner: z.looseObject({
    phone_number: z.string().min(1),
    country_code: z.string().min(1),
    redirect_url: z.string().nullish(),
  }),
});

const linkedChargeSchema = z.looseObject({
  account_id: z.string(),
  payment_option_token: z.string().nullish(),
  recurring: z.boolean().nullish(),
  pre_auth: z.boolean().nullish(),
  promotion_ids: z.array(z.string()).nullish(),
});

/** GoPay accounts that customers linked to the merchant, and charges on them (midtrans-facts 3.5, 5.10). */
export class GopayAccounts {
  private readonly accounts: Collection<GopayAccount>;

  constructor(
    store: Store,
    private readonly clock: SimulatorClock,
    private readonly outbox: Outbox,
    private readonly merchant: Merchant,
    private readonly notificationUrl: string | undefined,
    private readonly publicUrl: string,
  ) {
    this.accounts = store.collection('gopay_accounts');
    for (const account of this.accounts.values()) this.expireLater(account);
  }

  /** Newest first. */
  all(): GopayAccount[] {
    return [...this.accounts.values()].reverse();
  }

  get(id: string): GopayAccount | undefined {
    return this.accounts.get(id);
  }

  /** POST /v2/pay/account. */
  link(body: unknown): Fields {
    const { gopay_partner: partner } = readAs(linkRequestSchema, body ?? {});
    const refusal = phoneRefusal(partner.phone_number);
    if (refusal)
      return {
        status_code: '202',
        payment_type: 'gopay',
        channel_response_code: refusal.code,
        channel_response_message: refusal.message,
      };
    const account = this.keep({
      id: randomUUID(),
      phone: `+${partner.country_code}${partner.phone_number}`,
      redirectUrl: partner.redirect_url ?? null,
      status: 'PENDING',
      createdAt: this.clock.now(),
      tokens: [],
    });
    this.expireLater(account);
    const page = `${this.publicUrl}/gopay/accounts/${account.id}/link`;
    // The last is the deprecated one; it is still sent.
    const names = ['activation-link-url', 'activation-link-app', 'activation-deeplink'];
    return { ...accountAnswer(account), actions: names.map((name) => action(name, 'GET', page)) };
  }

  /** GET /v2/pay/account/{id}: tokens are new each time. */
  show(id: string): Fields {
    const account = this.known(id);
    return accountAnswer(account.status === 'ENABLED' ? this.keep(withFreshTokens(account)) : account);
  }

  /** POST /v2/pay/account/{id}/unbind. */
  unbind(id: string): Fields {
    const account = this.known(id);
    if (account.status === 'PENDING') throw coreRefusal(412, 'Account status cannot be updated.');
    if (account.status !== 'ENABLED') return { ...accountAnswer(account), status_code: '202' };
    const unbound = this.keep({ ...account, status: 'DISABLED', tokens: [] });
    this.announce(unbound, '204', 'account_unlinked');
    return {
      ...accountAnswer(unbound),
      channel_response_code: '0',
      channel_response_message: 'Process service request successfully.',
    };
  }

  /** The customer agrees on the linking page. Undefined when the account does not wait for it. */
  activate(id: string): GopayAccount | undefined {
    const account = this.accounts.get(id);
    if (account?.status !== 'PENDING') return undefined;
    const enabled = this.keep({ ...account, status: 'ENABLED' });
    this.announce(enabled, '200', 'account_linked');
    return enabled;
  }

  /** A subscription will pay with this token for as long as the account is linked. Nothing when there is no such token. */
  hold(id: string, token: string): void {
    const account = this.accounts.get(id);
    if (!account) return;
    const tokens = account.tokens.map((known) => (known.token === token ? { ...known, held: true } : known));
    this.keep({ ...account, tokens });
  }

  /** A charge on a linked account; undefined when the charge names none. */
  openLinked(request: ChargeRequest, desk: OpeningDesk): Opening | undefined {
    const named = z.object({ gopay: z.looseObject({ account_id: z.string().min(1) }) }).safeParse(request);
    if (!named.success) return undefined;
    const charge = readAs(z.object({ gopay: linkedChargeSchema }), request).gopay;
    const account = this.known(charge.account_id);
    if (account.status !== 'ENABLED') throw coreRefusal(412, 'Account status cannot be updated.');
    const option = account.tokens.find(({ token }) => token === charge.payment_option_token)?.option;
    if (!option) throw coreRefusal(411, 'Token id is missing, invalid, or timed out');
    return linkedOpening(option, charge, desk);
  }

  private known(id: string): GopayAccount {
    const account = this.accounts.get(id);
    if (!account) throw coreRefusal(404, "Account doesn't exist.");
    return account;
  }

  private keep(account: GopayAccount): GopayAccount {
    this.accounts.put(account.id, account);
    return account;
  }

  private expireLater({ id, status, createdAt }: GopayAccount): void {
    if (status !== 'PENDING') return;
    this.clock.at(createdAt + linkWithinMs, () => {
      const account = this.accounts.get(id);
      if (account?.status === 'PENDING') this.keep({ ...account, status: 'EXPIRED' });
    });
  }

  private announce(account: GopayAccount, code: string, event: string): void {
    if (this.notificationUrl === undefined) return;
    const body = writeJson({
      account_id: account.id,
      merchant_id: this.merchant.merchantId,
      payment_type: 'gopay',
      signature_key: accountSignatureKey(account.id, account.status, code, this.merchant.serverKey),
      status_code: code,
      account_status: account.status,
      status_message: `Midtrans ${event} notification`,
    });
    this.outbox.send(
      { kind: 'account', subjectId: account.id, orderId: null, event: `account ${account.status}`, body },
      [this.notificationUrl],
    );
  }
}

const withFreshTokens = (account: GopayAccount): GopayAccount => {
  const held = account.tokens.filter((known) => known.held);
  const others = account.tokens.filter((known) => !known.held);
  const fresh = paymentOptions.map((option): OptionToken => ({ option, token: optionToken(option) }));
  return { ...account, tokens: [...held, ...[...others, ...fresh].slice(-tokensKept)] };
};

const optionToken = (option: PaymentOption): string =>
  Buffer.from(JSON.stringify({ type: option, id: randomUUID() })).toString('base64');

/** Paid at once, PIN needed, or denied (midtrans-facts 3.5). */
const linkedOpening = (
  option: PaymentOption,
  charge: z.infer<typeof linkedChargeSchema>,
  desk: OpeningDesk,
): Opening => {
  const opening = {
    method: 'gopay' as const,
    holdOnly: charge.pre_auth ?? false,
    settledFields: { payment_option_type: option },
  };
  if (desk.grossAmount > gopayBalance)
    return {
      ...opening,
      statusMessage: 'GoPay transaction is denied',
      atOnce: 'deny',
      fields: { channel_response_code: '201', channel_response_message: 'Insufficient Balance' },
    };
  if (charge.recurring || desk.grossAmount < pinNeededFrom)
    return { ...opening, statusMessage: 'Success, GoPay transaction is successful', atOnce: 'pay' };
  const page = `${desk.publicUrl}/v2/deeplink/${desk.transactionId}`;
  return {
    ...opening,
    statusMessage: 'GoPay transaction is created. Action(s) required',
    chargeFields: { actions: verificationActions(page) },
  };
};
