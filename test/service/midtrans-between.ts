import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../src/domain/json.js';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | undefined;
  readonly body: JsonObject;
}

/**
 * What becomes of a request: lost on the way there, lost on the way back, answered by somebody else (after `ms`), held back for `ms`, never passed
 * on while its sender waits, or passed on and never answered.
 */
export type Fate =
  | { readonly type: 'lost_before' }
  | { readonly type: 'lost_after' }
  | { readonly type: 'answered'; readonly status?: number; readonly body: JsonObject; readonly ms?: number }
  | { readonly type: 'held'; readonly ms: number }
  | { readonly type: 'kept' }
  | { readonly type: 'unanswered' };

interface Rule {
  readonly method: string;
  readonly path: RegExp;
  readonly fate: Fate;
  left: number;
}

/** Stands between the service and the simulator: writes down what passes, and lets go wrong what a test says. */
export class MidtransBetween {
  readonly seen: Seen[] = [];
  private rules: Rule[] = [];
  private readonly server = createServer((request, response) => void this.pass(request, response));

  private constructor(private simulatorUrl: string) {}

  /** `simulatorUrl`: may follow by `leadTo`, where the simulator has to know the service first. */
  static async start(simulatorUrl = 'http://127.0.0.1:9'): Promise<MidtransBetween> {
    const between = new MidtransBetween(simulatorUrl);
    await new Promise<void>((resolve) => between.server.listen(0, '127.0.0.1', resolve));
    return between;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  leadTo(simulatorUrl: string): void {
    this.simulatorUrl = simulatorUrl;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The next `times` requests whose path matches. */
  let(method: 'GET' | 'POST', path: RegExp, fate: Fate, times = Number.POSITIVE_INFINITY): void {
    this.rules.push({ method, path, fate, left: times });
  }

  /** Everything passes again. */
  heal(): void {
    this.rules = [];
  }

  sent(method: 'GET' | 'POST', path: RegExp): readonly Seen[] {
    return this.seen.filter((one) => one.method === method && path.test(one.path));
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    let text = '';
    for await (const piece of request) text += String(piece);
    const key = headers['idempotency-key'];
    this.seen.push({
      method,
      path,
      idempotencyKey: typeof key === 'string' ? key : undefined,
      body: text === '' ? {} : (JSON.parse(text) as JsonObject),
    });
    const fate = this.fateOf(method, path);
    if (fate?.type === 'lost_before') return void request.socket.destroy();
    if (fate?.type === 'kept') return;
    if (fate && 'ms' in fate) await new Promise((resolve) => setTimeout(resolve, fate.ms));
    if (fate?.type === 'answered') return answer(response, fate.status ?? 200, JSON.stringify(fate.body));

    const there = await this.forward(method, path, headers, text);
    // Lost behind us is lost in front of us.
    if (there === undefined) return void request.socket.destroy();
    if (fate?.type === 'unanswered') return;
    if (fate?.type === 'lost_after') return void request.socket.destroy();
    answer(response, there.status, there.text);
  }

  private async forward(method: string, path: string, headers: IncomingMessage['headers'], body: string) {
    try {
      const there = await fetch(this.simulatorUrl + path, {
        method,
        headers: Object.fromEntries(forwarded.flatMap((name) => given(name, headers[name]))),
        ...(method === 'POST' && { body }),
      });
      return { status: there.status, text: await there.text() };
    } catch {
      return undefined;
    }
  }

  private fateOf(method: string, path: string): Fate | undefined {
    const rule = this.rules.find((one) => one.left > 0 && one.method === method && one.path.test(path));
    if (rule) rule.left -= 1;
    return rule?.fate;
  }
}

const forwarded = ['authorization', 'content-type', 'accept', 'idempotency-key', 'x-override-notification'];

const given = (name: string, value: string | string[] | undefined): [string, string][] =>
  typeof value === 'string' ? [[name, value]] : [];

const answer = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
};
