import { EventMetadata } from '../../application/audit/event-metadata.js';
import { paymentIdOf, streamOf } from '../../application/payments/payment-identity.js';
import type { EventLog, StoredEvent } from '../../application/ports/event-log.js';
import { MalformedId, orderId, paymentId, type OrderId, type PaymentId } from '../../domain/payments/identity.js';
import { readSettings } from '../config.js';
import { openLogToLook } from '../stores.js';
import { readArgs, say, WrongUse, type CliCommand } from './command.js';

/** What happened to one payment, and who did it; also beside running services. Personal data stays sealed. */
export const showCommand: CliCommand = {
  name: 'show',
  usage: '<order id | payment id>',
  does: 'prints the history of one payment',
  async run(args) {
    const { values, positionals } = readArgs(args, { json: { type: 'boolean', default: false } });
    const [subject] = positionals;
    if (subject === undefined) throw new WrongUse('Name an order id or a payment id');
    const order = idOrNull(orderId, subject);
    if (order === null) throw new WrongUse(`${JSON.stringify(subject)} is neither an order id nor a payment id`);
    const log = await openLogToLook(readSettings(process.env));
    try {
      const events = await historyOf(order, log.eventLog);
      if (events.length === 0) throw new WrongUse(`No payment of ${subject} is on record here`);
      for (const event of events) say(values.json ? JSON.stringify(event) : lineOf(event));
      return 0;
    } finally {
      await log.close();
    }
  },
};

/** A payment id looks like a possible order id, so both are tried. */
const historyOf = async (subject: OrderId, eventLog: EventLog): Promise<readonly StoredEvent[]> => {
  for (const id of [idOrNull(paymentId, subject), paymentIdOf(subject)]) {
    const events = id ? await eventLog.read(streamOf(id)) : [];
    if (events.length > 0) return events;
  }
  return [];
};

const idOrNull = <Id extends OrderId | PaymentId>(read: (text: string) => Id, text: string): Id | null => {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof MalformedId) return null;
    throw error;
  }
};

const lineOf = (event: StoredEvent): string => {
  const { time, actor } = EventMetadata.parse(event.metadata);
  const { details: _details, personal: _personal, ...told } = event.data;
  return `${String(event.revision).padStart(4)}  ${time}  ${event.type.padEnd(20)} ${`${actor.kind} ${actor.id}`.padEnd(28)} ${JSON.stringify(told)}`;
};
