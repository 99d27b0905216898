import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse as parseLossless } from 'lossless-json';
import { startSimulator } from '../../simulator/start-simulator.js';
import type { SimulatorOptions } from '../../simulator/simulator-options.js';
import type { RunningSimulator } from '../../simulator/start-simulator.js';

export interface Answer {
  readonly http: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** What one test talks to a simulator with. */
export class SimulatorKit {
  private constructor(
    readonly simulator: RunningSimulator,
    readonly merchant: Merchant,
  ) {}

  static async start(options: SimulatorOptions = {}): Promise<SimulatorKit> {
    const merchant = await Merchant.start();
    const simulator = await startSimulator({ notificationUrl: merchant.url, ...options });
    return new SimulatorKit(simulator, merchant);
  }

  async stop(): Promise<void> {
    await this.simulator.close();
    await this.merchant.stop();
  }

  /** A call of the merchant's backend. */
  async api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(method, path, body, { authorization: basic(this.simulator.serverKey), ...headers });
  }

  async post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.api('POST', path, body, headers);
  }

  async status(id: string): Promise<Record<string, unknown>> {
    return (await this.api('GET', `/v2/${id}/status`)).body;
  }

  async charge(
    paymentType: string,
    orderId: string,
    amount: number,
    rest: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> {
    const details = { order_id: orderId, gross_amount: amount };
    return (await this.post('/v2/charge', { payment_type: paymentType, transaction_details: details, ...rest })).body;
  }

  /** One of the simulator's own controls, which take no key. */
  async control(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send(method, `/_simulator${path}`, body, {});
  }

  async act(id: string, what: string, body?: unknown): Promise<Answer> {
    return this.control('POST', `/transactions/${encodeURIComponent(id)}/${what}`, body);
  }

  async advance(seconds: number): Promise<void> {
    await this.control('POST', '/clock', { advance_seconds: seconds });
  }

  async forget(): Promise<void> {
    await this.control('DELETE', '');
    this.merchant.forget();
  }

  async cardToken(number = '4811111111111114', cvv = '123'): Promise<string> {
    const query = new URLSearchParams({
      client_key: this.simulator.clientKey,
      card_number: number,
      card_cvv: cvv,
      card_exp_month: '12',
      card_exp_year: '2039',
    });
    const { body } = await this.send('GET', `/v2/token?${query.toString()}`, undefined, {});
    return String(body['token_id']);
  }

  async chargeCard(
    orderId: string,
    card: { number?: string; cvv?: string; amount?: number } & Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> {
    const { number, cvv, amount = 100_000, ...options } = card;
    const token_id = await this.cardToken(number, cvv);
    return this.charge('credit_card', orderId, amount, { credit_card: { token_id, ...options } });
  }

  async chargeBca(
    orderId: string,
    amount = 44_000,
    rest: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> {
    return this.charge('bank_transfer', orderId, amount, { bank_transfer: { bank: 'bca' }, ...rest });
  }

  /** A page a browser opens, or a form it sends. */
  async browse(path: string, form?: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const body = form && new URLSearchParams(form);
    return fetch(this.simulator.url + path, {
      redirect: 'manual',
      headers,
      ...(body && { method: 'POST', body }),
    });
  }

  private async send(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
    const response = await fetch(this.simulator.url + path, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { http: response.status, body: parsed(text), text };
  }
}

const parsed = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
};

export const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

export interface Delivered {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

type Reply = number | ((response: ServerResponse, path: string) => void);

/** The merchant's side: takes notifications, answers as it is told, and remembers them in order of arrival. */
export class Merchant {
  readonly received: Delivered[] = [];
  /** What the next notifications are answered; afterwards 200. */
  replies: Reply[] = [];
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Merchant> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const merchant = new Merchant(server, `http://127.0.0.1:${port}/notify`);
    server.on('request', (request, response) => void merchant.take(request, response));
    return merchant;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  forget(): void {
    this.received.length = 0;
    this.replies = [];
  }

  /** The first `count` notifications, once they have arrived. Rejects after `withinMs`. */
  async first(count: number, withinMs = 3_000): Promise<Delivered[]> {
    const deadline = Date.now() + withinMs;
    while (this.received.length < count) {
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new Error(`only ${this.received.length} of ${count} notifications within ${withinMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return this.received.slice(0, count);
  }

  statuses(): unknown[] {
    return this.received.map(({ body }) => body['transaction_status']);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const path = request.url ?? '';
    this.received.push({ path, text, body: parsed(text), headers: request.headers });
    const reply = this.replies.shift() ?? 200;
    if (typeof reply === 'number') response.writeHead(reply).end('noted');
    else reply(response, path);
    for (const wake of this.waiting.splice(0)) wake();
  }
}

/** Reads numbers beyond 2^53 without loss: they come as their digits. */
export const exactNumber = (text: string, pick: (body: Record<string, unknown>) => unknown): string => {
  const value = pick(parseLossless(text) as Record<string, unknown>);
  return String(value);
};

/** A simulator for all tests of a file, emptied before each. */
export const withSimulator = (options: SimulatorOptions = {}): (() => SimulatorKit) => {
  let kit: SimulatorKit | undefined;
  beforeAll(async () => {
    kit = await SimulatorKit.start(options);
  });
  beforeEach(() => kit?.forget());
  afterAll(() => kit?.stop());
  return () => {
    if (!kit) throw new Error('the simulator is not running');
    return kit;
  };
};
