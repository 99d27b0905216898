import type { JsonObject } from '../../src/domain/json.js';
import type { SimulatorHand } from '../service/simulator-hand.js';
import type { Chance } from './chance.js';

export type ClerksAction = 'capture' | 'cancel' | 'approve' | 'deny';

/** What somebody does next: the customer at the simulator (api.md 5), or the clerk here. */
export type Step =
  | { readonly customer: 'pay' | 'settle' | 'deny' | 'expire' }
  | { readonly clerk: ClerksAction }
  | { readonly refund: 'some' | 'all' };

/** A way to pay, and the ways in which it may go on. */
export interface Purchase {
  readonly paymentType: string;
  details(simulator: SimulatorHand, chance: Chance): Promise<JsonObject>;
  readonly endings: readonly (readonly Step[])[];
}

const paid: Step = { customer: 'pay' };
const settled: Step = { customer: 'settle' };
const some: Step = { refund: 'some' };
const rest: Step = { refund: 'all' };
const captured: Step = { clerk: 'capture' };
const cancelled: readonly Step[] = [{ clerk: 'cancel' }];
const leftOpen: readonly Step[] = [];

const plain = (paymentType: string, choices: readonly JsonObject[], endings: Purchase['endings']): Purchase => ({
  paymentType,
  details: (_, chance) => Promise.resolve(chance.pick(choices)),
  endings,
});

// The test cards of midtrans-facts 8.
const accepted = '4811111111111114';
const refused = '4911111111111113';
const challenged = '4511111111111117';

const card = (number: string, details: JsonObject, endings: Purchase['endings']): Purchase => ({
  paymentType: 'credit_card',
  details: async (simulator) => ({ token_id: await simulator.cardToken(number), ...details }),
  endings,
});

const without3ds = { authentication: false };

export const purchases: readonly Purchase[] = [
  plain('bank_transfer', [{ bank: 'bca' }, { bank: 'bni' }, { bank: 'bri' }, { bank: 'permata' }], [[paid], [paid], cancelled, leftOpen]),
  plain('echannel', [{ bill_info1: 'Payment:', bill_info2: 'Online purchase' }], [[paid], [{ customer: 'expire' }]]),
  plain('cstore', [{ store: 'indomaret' }, { store: 'alfamart' }], [[paid], cancelled]),
  plain('gopay', [{}], [[paid, some, some], [paid, some, rest], [paid], cancelled]),
  plain('gopay', [{}], [[paid, rest], [paid, some, some, rest]]),
  plain('qris', [{ acquirer: 'gopay' }], [[paid, some, rest], [paid], leftOpen]),
  plain('shopeepay', [{ callback_url: 'https://shop.example/back' }], [[paid, rest], [{ customer: 'deny' }]]),
  plain('dana', [{}], [[paid, some], leftOpen]),
  plain('snap', [{ enabled_payments: ['gopay', 'bca_va'] }, { enabled_payments: ['bca_va'] }], [[paid, some], [paid], cancelled, leftOpen]),
  card(accepted, without3ds, [[settled, some, rest], cancelled, leftOpen]),
  card(accepted, {}, [[paid, settled, some], leftOpen]),
  card(accepted, { ...without3ds, type: 'authorize' }, [[captured, settled, some], [captured, settled, rest], [captured, ...cancelled], cancelled, leftOpen]),
  card(refused, without3ds, [leftOpen]),
  card(challenged, without3ds, [[{ clerk: 'approve' }, settled, rest], [{ clerk: 'deny' }], leftOpen]),
]; // prettier-ignore
