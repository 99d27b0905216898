import { z } from 'zod';
import type { PaymentId } from '../../domain/payments/identity.js';
import { isSealed } from '../../domain/personal.js';
import type { EventLog } from '../ports/event-log.js';
import type { PersonalDataReader } from '../ports/personal-data.js';
import { streamOf } from './payment-identity.js';
import { paymentEventOf } from './stored-payment-events.js';

const WithToken = z.object({ payment_details: z.object({ snap_token: z.string() }) });

/** The token of a Snap page, which its closing needs; it stands sealed in the payment's events (R8.1). */
export class PageTokens {
  constructor(
    private readonly eventLog: EventLog,
    private readonly personalData: PersonalDataReader,
  ) {}

  /** The newest, since asking for a page again kills the older one. undefined: there is none, or it cannot be read any more. */
  async find(id: PaymentId): Promise<string | undefined> {
    for (const stored of [...(await this.eventLog.read(streamOf(id)))].reverse()) {
      const event = paymentEventOf(stored);
      if (event.type !== 'PaymentPending' && event.type !== 'ChargeAnswered') continue;
      if (event.transactionId !== null || !isSealed(event.personal)) continue;
      const plain = await this.personalData.open(event.personal.sealed, `${stored.stream}/${stored.id}`);
      const read = plain && WithToken.safeParse(JSON.parse(Buffer.from(plain).toString('utf8')));
      if (read && read.success) return read.data.payment_details.snap_token;
    }
    return undefined;
  }
}
