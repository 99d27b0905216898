import { z } from 'zod';
import type { PaymentFilter } from '../../../application/payments/find-payments.js';
import { paymentView } from '../../../application/payments/payment-view.js';
import { hasCardNumber } from '../../../domain/cards/card-number.js';
import { methodRules } from '../../../domain/methods/providers.js';
import { parsed } from '../answers/invalid-fields.js';
import type { HttpParts } from '../http-parts.js';
import { mayAny, type Identity } from '../identity/identity.js';
import { identityOf } from '../identity/identify.js';
import { orderIdText, pageFields, time, wholeNumber } from '../requests/field-schemas.js';
import type { HttpContext } from '../requests/http-context.js';
import { ListCursors } from '../requests/list-cursors.js';
import { cardNumberRefused } from '../requests/refuse-card-numbers.js';
import { paymentStatuses } from './payment-answer.js';

const paymentTypes = [...new Set([...methodRules.values()].map(({ paymentType }) => paymentType))];

export const ListPaymentsQuery = z.strictObject({
  order_id: orderIdText.optional(),
  user_id: z.string().min(1).max(255).optional(),
  status: z.enum(paymentStatuses).optional(),
  payment_type: z.enum(paymentTypes).optional(),
  created_from: time.optional(),
  created_to: time.optional(),
  amount_min: wholeNumber.optional(),
  amount_max: wholeNumber.optional(),
  q: z.string().min(1).max(255).optional().meta({ description: 'An order id, a transaction id or a payment number, whole' }),
  ...pageFields,
}); // prettier-ignore

type Query = z.output<typeof ListPaymentsQuery>;

/** `GET /payments`: newest first. */
export const listPayments = ({ findPayments, personalData, settings }: HttpParts) => {
  const cursors = new ListCursors(settings.webhookSecret, 'payments');
  return async function handleListPayments(ctx: HttpContext): Promise<void> {
    const query = parsed(ListPaymentsQuery, ctx.query);
    const identity = identityOf(ctx);
    const filter = filterOf(query, identity);
    const after = query.cursor === undefined ? null : cursors.read(query.cursor, filter);
    if (asksForOthers(query, identity)) {
      ctx.body = { data: [], next_cursor: null };
      return;
    }
    const page = await findPayments.list(filter, query.limit, after);
    if (page.payments.length === 0) refuseCardNumber(query.q);
    const data = await Promise.all(
      page.payments.map(({ document, revision }) => paymentView(document, revision, personalData)),
    );
    ctx.body = { data, next_cursor: page.next && cursors.write(page.next, filter) };
  };
};

/** A number under which there is a payment is an account's; any other that looks like a card's is taken for one. */
const refuseCardNumber = (searched: string | undefined): void => {
  if (searched !== undefined && hasCardNumber(searched)) throw cardNumberRefused('q');
};

const seesOwnOnly = (identity: Identity): boolean => !mayAny(identity, 'read_any');

/** Others' payments are not there for a customer, in lists as elsewhere. */
const asksForOthers = ({ user_id: asked }: Query, identity: Identity): boolean =>
  asked !== undefined && asked !== identity.userId && seesOwnOnly(identity);

const filterOf = (query: Query, identity: Identity): PaymentFilter => {
  const userId = seesOwnOnly(identity) ? identity.userId : query.user_id;
  return {
    ...(userId !== undefined && { userId }),
    ...(query.order_id !== undefined && { orderId: query.order_id }),
    ...(query.status !== undefined && { status: query.status }),
    ...(query.payment_type !== undefined && { paymentType: query.payment_type }),
    ...(query.created_from !== undefined && { createdFrom: query.created_from }),
    ...(query.created_to !== undefined && { createdTo: query.created_to }),
    ...(query.amount_min !== undefined && { amountMin: query.amount_min }),
    ...(query.amount_max !== undefined && { amountMax: query.amount_max }),
    ...(query.q !== undefined && { search: query.q }),
  };
};
