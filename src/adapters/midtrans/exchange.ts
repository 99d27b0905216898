import type { Dispatcher } from 'undici';

/** One HTTP request, to be sent once. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** From sending it to the beginning of the answer. */
  readonly headersMs: number;
  /** Between two pieces of the answer. */
  readonly bodyMs: number;
  /** For all of it, from the wait for a connection to the last byte. */
  readonly limitMs: number;
}

export type Exchange =
  | { readonly type: 'answered'; readonly status: number; readonly text: string }
  /** Not a byte of it has left, or ever will. */
  | { readonly type: 'not_sent'; readonly cause: string }
  /** It left, at least in part, and no whole answer came. */
  | { readonly type: 'lost'; readonly cause: string };

/** Never rejects for what the network does. */
export const exchange = (dispatcher: Dispatcher, request: HttpRequest): Promise<Exchange> =>
  new Promise((resolve) => {
    const { method, origin, path, body } = request;
    const options = { method, origin, path, body, headers: { ...request.headers }, ...withoutTimeouts };
    dispatcher.dispatch(options, new PendingExchange(request, resolve));
  });

/** undici's own are only good to half a second. */
const withoutTimeouts = { headersTimeout: 0, bodyTimeout: 0 };

/**
 * undici says `onRequestStart` just before it writes to the socket, which tells a request that certainly never left from one
 * that may have arrived.
 */
class PendingExchange implements Dispatcher.DispatchHandler {
  private readonly pieces: Buffer[] = [];
  private readonly limit: NodeJS.Timeout;
  private patience: NodeJS.Timeout | undefined;
  private sending: Dispatcher.DispatchController | undefined;
  private status = 0;
  private isOver = false;

  constructor(
    private readonly request: HttpRequest,
    private readonly resolve: (outcome: Exchange) => void,
  ) {
    this.limit = setTimeout(() => this.giveUp(request.limitMs), request.limitMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.isOver) return controller.abort(new Error('Given up before it was sent'));
    this.sending = controller;
    this.waitFor(this.request.headersMs);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.status = status;
    this.waitFor(this.request.bodyMs);
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.pieces.push(piece);
    this.waitFor(this.request.bodyMs);
  }

  onResponseEnd(): void {
    this.end({ type: 'answered', status: this.status, text: Buffer.concat(this.pieces).toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(causeOf(error));
  }

  private waitFor(ms: number): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.giveUp(ms), ms);
  }

  private giveUp(afterMs: number): void {
    this.fail(`nothing came within ${Math.ceil(afterMs)} ms`);
    this.sending?.abort(new Error('Given up'));
  }

  private fail(cause: string): void {
    this.end({ type: this.sending === undefined ? 'not_sent' : 'lost', cause });
  }

  private end(outcome: Exchange): void {
    this.isOver = true;
    clearTimeout(this.limit);
    clearTimeout(this.patience);
    this.resolve(outcome);
  }
}

/** The code, not the text: texts of network errors may quote what was sent. */
const causeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : error.name);
