import { refundView } from '../../../application/payments/payment-view.js';
import type { HttpParts } from '../http-parts.js';
import { ownPayment } from '../payments/find-own.js';
import type { RouteContext } from '../requests/http-context.js';

/** `GET /payments/{id}/refunds`, in the order in which they were asked for. */
export const getRefunds = ({ findPayments }: HttpParts) =>
  async function handleGetRefunds(ctx: RouteContext): Promise<void> {
    const { document } = await ownPayment(ctx, findPayments, ['read_any']);
    ctx.body = { data: document.state.refunds.map(refundView), next_cursor: null };
  };
