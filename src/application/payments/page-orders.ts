import { z } from 'zod';
import type { PaymentEventOf } from '../../domain/payments/events.js';
import type { PaymentId } from '../../domain/payments/identity.js';
import type { JsonObject } from '../../domain/json.js';
import { isSealed } from '../../domain/personal.js';
import type { EventLog, StoredEvent } from '../ports/event-log.js';
import type { ChargeOrder } from '../ports/payment-gateway.js';
import type { PersonalDataReader } from '../ports/personal-data.js';
import { streamOf } from './payment-identity.js';
import { paymentEventOf } from './stored-payment-events.js';

const fields = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null);
const PersonalPart = z.object({ customer_details: fields.optional(), payment_details: fields.optional() });

/** The order of a page as it was asked for, from the log: pages need no token of the customer, so it is all there. */
export class PageOrders {
  constructor(
    private readonly eventLog: EventLog,
    private readonly personalData: PersonalDataReader,
  ) {}

  /** undefined: its personal data is erased, or cannot be read. */
  async find(id: PaymentId): Promise<ChargeOrder | undefined> {
    const [stored] = await this.eventLog.read(streamOf(id), { limit: 1 });
    const event = stored && paymentEventOf(stored);
    if (!stored || event?.type !== 'PaymentInitiated') throw new Error(`Payment ${id} does not begin with its order`);
    const personal = await this.personalPart(event, stored);
    if (personal === undefined) return undefined;
    const { orderId, wishId, provider, amount, itemDetails, metadata, expiry } = event;
    return {
      orderId,
      wishId,
      provider,
      amount,
      details: { ...event.details, ...personal.payment_details },
      customerDetails: personal.customer_details ?? null,
      itemDetails,
      metadata,
      expiry,
    };
  }

  private async personalPart(
    { personal }: PaymentEventOf<'PaymentInitiated'>,
    stored: StoredEvent,
  ): Promise<z.infer<typeof PersonalPart> | undefined> {
    if (!isSealed(personal)) return {};
    const plain = await this.personalData.open(personal.sealed, `${stored.stream}/${stored.id}`);
    return plain && PersonalPart.parse(JSON.parse(Buffer.from(plain).toString('utf8')));
  }
}
