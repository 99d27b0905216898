import type { ChargeOrder } from '../../../src/application/ports/payment-gateway.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import type { Provider } from '../../../src/domain/methods/providers.js';
import { orderId, wishId } from '../../../src/domain/payments/identity.js';

export const anOrder = (provider: Provider, changes: Partial<ChargeOrder> = {}): ChargeOrder => ({
  orderId: orderId('order-101'),
  wishId: wishId('wish-1'),
  provider,
  amount: rupiah(44_000),
  details: {},
  customerDetails: null,
  itemDetails: null,
  metadata: null,
  expiry: null,
  ...changes,
});
