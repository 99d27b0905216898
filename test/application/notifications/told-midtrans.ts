import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { json, loopbackMidtrans, reset, type LoopbackMidtrans } from '../../adapters/midtrans/loopback-midtrans.js';
import { serverKey } from '../../service/start-service.js';
import type { JsonObject } from '../../../src/domain/json.js';

/** Of a transaction in Midtrans' own words: what its ids and its signature are made of. */
type Told = JsonObject & Readonly<Record<'transaction_id' | 'order_id' | 'status_code' | 'gross_amount', string>>;

/** What Midtrans knows of one transaction, in its own words. */
export const known = (orderId: string, status: string, more: Partial<Told> = {}): Told => ({
  status_code: '200',
  status_message: 'Success, transaction is found',
  transaction_id: `tx-${orderId}`,
  order_id: orderId,
  gross_amount: '10000.00',
  currency: 'IDR',
  payment_type: 'gopay',
  transaction_time: '2026-11-23 12:00:00',
  transaction_status: status,
  fraud_status: 'accept',
  custom_field3: 'charge-wish',
  ...(status === 'settlement' && { settlement_time: '2026-11-23 12:00:05' }),
  ...more,
});

/** Only these three are signed (midtrans-facts 7.3); everything else could be anybody's word. */
export const signed = (body: Told, key = serverKey): string => {
  const text = `${body.order_id}${body.status_code}${body.gross_amount}${key}`;
  return JSON.stringify({ ...body, signature_key: createHash('sha512').update(text).digest('hex') });
};

/** A Midtrans that says what it is told to say, and counts who asks. */
export class ToldMidtrans {
  readonly knows = new Map<string, JsonObject>();
  /** Every request is cut off while this is so. */
  isDown = false;
  /** How long it thinks, in ms. */
  delayMs = 0;
  /** Asked at the same time at most. */
  mostAtOnce = 0;
  private atOnce = 0;
  private asks: string[] = [];
  private server: LoopbackMidtrans | undefined;

  static async start(): Promise<ToldMidtrans> {
    const midtrans = new ToldMidtrans();
    midtrans.server = await loopbackMidtrans((response, { url = '' }) => void midtrans.answer(response, url));
    return midtrans;
  }

  get url(): string {
    return this.running.url;
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  /** As if it had just started. */
  forget(): void {
    this.knows.clear();
    this.asks = [];
    this.isDown = false;
    this.delayMs = 0;
    this.mostAtOnce = 0;
  }

  tell(transaction: Told): void {
    this.knows.set(transaction.transaction_id, transaction);
  }

  /** How often the status of this transaction was asked for. */
  asked(transactionId: string): number {
    return this.asks.filter((path) => path === `/v2/${transactionId}/status`).length;
  }

  private get running(): LoopbackMidtrans {
    if (!this.server) throw new Error('This Midtrans was not started');
    return this.server;
  }

  private async answer(response: ServerResponse, url: string): Promise<void> {
    this.asks.push(url);
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    this.atOnce -= 1;
    if (this.isDown) return reset(response, response.req);
    const transaction = this.knows.get(url.split('/')[2] ?? '');
    const unknown = { status_code: '404', status_message: "Transaction doesn't exist.", id: 'x' };
    json(transaction ?? unknown)(response, response.req);
  }
}
