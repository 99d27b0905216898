import type { SimulatorOptions } from '../../simulator/simulator-options.js';
import { startSimulator, type RunningSimulator } from '../../simulator/start-simulator.js';
import type { JsonObject } from '../../src/domain/json.js';
import { clientKey, serverKey } from './start-service.js';

/** A transaction as GET status shows it. */
export type MidtransTransaction = JsonObject;

/** A Midtrans of our own in this process, and the hand that pays, denies and breaks things there. */
export class SimulatorHand {
  private constructor(private readonly simulator: Pick<RunningSimulator, 'url' | 'close'>) {}

  static async start(options: SimulatorOptions = {}): Promise<SimulatorHand> {
    return new SimulatorHand(await startSimulator({ serverKey, clientKey, ...options }));
  }

  /** On a simulator in a process of its own, which `close` ends. */
  static on(url: string, close: () => Promise<void>): SimulatorHand {
    return new SimulatorHand({ url, close });
  }

  get url(): string {
    return this.simulator.url;
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  /** Does `what` (pay, settle, deny, expire, ...) to a transaction, found by order id or transaction id. */
  async act(what: string, id: string, body: unknown = {}): Promise<MidtransTransaction> {
    return this.control('POST', `transactions/${encodeURIComponent(id)}/${what}`, body);
  }

  pay(orderId: string, body: unknown = {}): Promise<MidtransTransaction> {
    return this.act('pay', orderId, body);
  }

  async fault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.control('POST', 'faults', fault);
  }

  async noFaults(): Promise<void> {
    await this.control('DELETE', 'faults');
  }

  async advance(seconds: number): Promise<void> {
    await this.control('POST', 'clock', { advance_seconds: seconds });
  }

  /** All transactions of an order, the newest first. */
  async transactionsOf(orderId: string): Promise<readonly MidtransTransaction[]> {
    return (await this.transactions()).filter((transaction) => transaction['order_id'] === orderId);
  }

  /** All transactions, the newest first. */
  async transactions(): Promise<readonly MidtransTransaction[]> {
    const { transactions } = (await this.control('GET', 'transactions')) as { transactions: MidtransTransaction[] };
    return transactions;
  }

  /** Notifications of an order, the newest first. */
  async notificationsOf(orderId: string): Promise<readonly MidtransTransaction[]> {
    return (await this.notifications()).filter((notification) => notification['order_id'] === orderId);
  }

  /** All notifications with what became of them, the newest first. */
  async notifications(): Promise<readonly MidtransTransaction[]> {
    const { notifications } = (await this.control('GET', 'notifications')) as { notifications: MidtransTransaction[] };
    return notifications;
  }

  /** A call of somebody else of the same merchant. */
  async api(method: 'GET' | 'POST', path: string, body?: unknown): Promise<MidtransTransaction> {
    return this.send(method, path, body, {
      authorization: `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}`,
    });
  }

  /** What Midtrans' script in the browser does. */
  async cardToken(number: string, options: Readonly<Record<string, string>> = {}): Promise<string> {
    const query = new URLSearchParams({
      client_key: clientKey,
      card_number: number,
      card_cvv: '123',
      card_exp_month: '12',
      card_exp_year: '2039',
      ...options,
    });
    const { token_id: token } = await this.send('GET', `/v2/token?${query.toString()}`);
    if (typeof token !== 'string') throw new Error('The simulator gave no card token');
    return token;
  }

  /** The customer agrees to link a GoPay account. */
  async link(accountId: string): Promise<void> {
    await this.control('POST', `accounts/${accountId}/activate`, {});
  }

  /** A form that the customer sends on one of the simulator's pages. */
  async submit(pageUrl: string, form: Readonly<Record<string, string>>): Promise<void> {
    const answer = await fetch(pageUrl, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form) });
    if (answer.status >= 400) throw new Error(`${pageUrl} answered ${answer.status}`);
  }

  private async control(method: string, path: string, body?: unknown): Promise<MidtransTransaction> {
    return this.send(method, `/_simulator/${path}`, body);
  }

  private async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<MidtransTransaction> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const read = (await answer.json()) as MidtransTransaction;
    if (!answer.ok) throw new Error(`${method} ${path} at the simulator: ${answer.status} ${JSON.stringify(read)}`);
    return read;
  }
}
