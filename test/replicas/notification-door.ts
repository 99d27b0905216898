import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { notificationPath } from '../../src/adapters/http/notifications/notification-path.js';
import { send } from '../service/caller.js';
import type { Ledger } from './ledger.js';

interface Place {
  readonly name: string;
  readonly url: string;
}

/** Kept by the inbox with the notification, so that each delivery can be found there again. */
export const deliveryHeader = 'x-delivery';

const answerWithinMs = 14_000;

/** A load balancer before the replicas for Midtrans: in turn, and the next one when one does not listen. */
export class NotificationDoor {
  private turn = 0;

  private constructor(
    private readonly server: Server,
    private readonly places: readonly Place[],
    private readonly ledger: Ledger,
  ) {
    server.on('request', (request, response) => void this.pass(request, response));
  }

  static async open(places: readonly Place[], ledger: Ledger): Promise<NotificationDoor> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new NotificationDoor(server, places, ledger);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${notificationPath}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const piece of request) body += String(piece);
    const status = await this.deliver(body);
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  }

  /** 502, as a balancer answers, when nobody took it: Midtrans sends it again. */
  private async deliver(body: string): Promise<number> {
    for (let tries = 0; tries < this.places.length; tries += 1) {
      const place = this.places[(this.turn += 1) % this.places.length];
      if (place === undefined) break;
      const outcome = await this.handTo(place, body);
      if (outcome !== 'not listening') return outcome ?? 502;
    }
    return 502;
  }

  /** null: it may have arrived. */
  private async handTo({ name, url }: Place, body: string): Promise<number | null | 'not listening'> {
    const id = `delivery-${this.ledger.deliveries.length}`;
    const headers = { 'content-type': 'application/json', [deliveryHeader]: id };
    const signal = AbortSignal.timeout(answerWithinMs);
    const { order_id: orderId } = JSON.parse(body) as { readonly order_id: string };
    const place = this.ledger.deliveries.push({ id, orderId, replica: name, status: null }) - 1;
    try {
      const { status } = await send(url + notificationPath, { method: 'POST', headers, body, signal });
      this.ledger.deliveries[place] = { id, orderId, replica: name, status };
      return status;
    } catch (error) {
      return isRefused(error) ? 'not listening' : null;
    }
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
