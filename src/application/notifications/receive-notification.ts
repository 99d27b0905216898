import { hasCardNumber, withoutCardNumbers } from '../../domain/cards/card-number.js';
import type { Clock } from '../ports/clock.js';
import type { Documents } from '../ports/documents.js';
import type { Ids } from '../ports/ids.js';
import type { Journal } from '../ports/journal.js';
import type { NotificationReader, NotificationReading } from '../ports/payment-gateway.js';
import type { PersonalData } from '../ports/personal-data.js';
import { Bursts } from './bursts.js';
import type { GroupedAppends } from './grouped-appends.js';
import { nameHash } from '../identity/name-hash.js';
import { dayKeyOf, inboxEventBytes, inboxEventOf, inboxStreamOf, type RawNotification } from './inbox-events.js';
import { refusedCollection } from './notification-records.js';
import { RefusalRing } from './refusal-ring.js';

/** An incoming POST: `body` are its raw bytes, `address` where it came from, `headers` those worth keeping. */
export interface IncomingNotification {
  readonly body: Uint8Array;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Received = 'stored' | 'malformed' | 'wrong_signature';

const wrongSignaturesPerMinute = 20;
const minuteMs = 60_000;

/** The door for Midtrans' notifications (design D4): store, then acknowledge; the work comes later. */
export class ReceiveNotification {
  private readonly refusals: RefusalRing;
  private readonly wrongSignatures = new Bursts(wrongSignaturesPerMinute, minuteMs);

  constructor(
    private readonly reader: NotificationReader,
    private readonly appends: GroupedAppends,
    records: Documents,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly journal: Journal,
  ) {
    this.refusals = new RefusalRing(records);
  }

  /** `stored`: durable in the inbox. @throws StoreUnavailable: it is not, or may not be; Midtrans shall send it again */
  async execute(incoming: IncomingNotification): Promise<Received> {
    const reading = this.reader.read(incoming.body);
    if (reading.type === 'malformed' || reading.type === 'wrong_signature') return this.refuse(reading, incoming);
    await this.store(subjectOf(reading), incoming);
    return 'stored';
  }

  private async store(subject: string, incoming: IncomingNotification): Promise<void> {
    const raw = this.rawOf(incoming);
    const seal = await this.personalData.sealFor(dayKeyOf(raw.receivedAt));
    const event = inboxEventOf(this.ids.next(), subject, raw, seal);
    await this.appends.append(inboxStreamOf(subject), event, inboxEventBytes(event));
  }

  private rawOf({ body, address, headers }: IncomingNotification): RawNotification {
    return { receivedAt: this.clock.now(), address, headers, body: Buffer.from(body).toString('utf8') };
  }

  private async refuse(
    reading: Extract<NotificationReading, { type: 'malformed' | 'wrong_signature' }>,
    incoming: IncomingNotification,
  ): Promise<Received> {
    const reason = reading.type === 'wrong_signature' ? 'wrong signature' : reading.reason;
    const order = withoutCardNumbers(reading.orderId ?? 'unknown').slice(0, 50);
    this.journal.warn(`Payment webhook validation failed: order_id=${order}, reason=${reason}`);
    if (reading.type === 'wrong_signature') this.countWrongSignature();
    await this.keepRefusal(reason, order, incoming);
    return reading.type;
  }

  private countWrongSignature(): void {
    if (this.wrongSignatures.beginsAt(this.clock.monotonicMs()))
      this.journal.alarm(
        'wrong_signatures',
        `More than ${wrongSignaturesPerMinute} notifications with a wrong signature within a minute: somebody forges them, or MIDTRANS_SERVER_KEY is not this account's`,
      );
  }

  private async keepRefusal(reason: string, order: string, incoming: IncomingNotification): Promise<void> {
    const at = this.clock.now();
    const seal = await this.personalData.sealFor(dayKeyOf(at));
    const raw = JSON.stringify(this.rawOf(incoming));
    await this.refusals.keep((slot) => ({
      order_id: order,
      reason,
      received_at: at,
      sealed: seal.seal(raw, `${refusedCollection.name}/${slot}/${at}`),
    }));
  }
}

type Signed = Extract<NotificationReading, { type: 'notification' | 'other' }>;

/** No order of ours may be the id of a customer's account, or a card number, which stand in no log as they are (R8.1, R8.2). */
const subjectOf = (reading: Signed): string => {
  if (reading.type === 'other') return nameHash(reading.subject);
  const { orderId } = reading.notification.observation;
  return hasCardNumber(orderId) ? nameHash(orderId) : orderId;
};
