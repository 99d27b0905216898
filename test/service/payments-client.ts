import type { JsonObject } from '../../src/domain/json.js';
import { until } from './until.js';

export interface Answered {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

export interface ShownEvent {
  readonly id: string;
  readonly type: string;
  readonly revision: number;
  readonly data: JsonObject;
  readonly actor: JsonObject;
  readonly notification?: JsonObject;
}

/** A REST client of the service, with one token. */
export class PaymentsClient {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as JsonObject, headers: answer.headers };
  }

  make(body: JsonObject, headers: Record<string, string> = {}): Promise<Answered> {
    return this.send('POST', '/payments', body, headers);
  }

  /** `what`: capture, cancel, expire, approve, deny, sync or refunds. */
  act(id: string, what: string, body: JsonObject = {}, headers: Record<string, string> = {}): Promise<Answered> {
    return this.send('POST', `/payments/${id}/${what}`, body, headers);
  }

  async payment(id: string): Promise<JsonObject> {
    return (await this.send('GET', `/payments/${id}`)).body;
  }

  /** `{}`: there is none. */
  async byOrder(orderId: string): Promise<JsonObject> {
    const { body } = await this.send('GET', `/payments?order_id=${encodeURIComponent(orderId)}`);
    return (body['data'] as readonly JsonObject[])[0] ?? {};
  }

  async events(id: string): Promise<readonly ShownEvent[]> {
    const { body } = await this.send('GET', `/payments/${id}/events`);
    return body['data'] as unknown as readonly ShownEvent[];
  }

  async types(id: string): Promise<readonly string[]> {
    return (await this.events(id)).map(({ type }) => type);
  }

  /** The payment once the read model shows it with these fields. */
  becomes(id: string, fields: JsonObject, withinMs = 5_000): Promise<JsonObject> {
    return until(
      `payment ${id} with ${JSON.stringify(fields)}`,
      async () => {
        const payment = await this.payment(id);
        return Object.entries(fields).every(([field, value]) => payment[field] === value) && payment;
      },
      withinMs,
    );
  }
}
