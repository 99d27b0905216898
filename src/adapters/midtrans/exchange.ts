import type { Dispatcher } from 'undici';

/** One HTTP request, sent once. `limitMs` bounds it as a whole, from the wait for a connection to the last byte. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly bodyMs: number;
  readonly limitMs: number;
}

export type Exchange =
  | { readonly type: 'answered'; readonly status: number; readonly text: string }
  /** Not a byte of it has left. */
  | { readonly type: 'not_sent'; readonly cause: string }
  /** It left, at least in part, and no whole answer came. */
  | { readonly type: 'lost'; readonly cause: string };

/**
 * Never rejects for what the network does. undici announces the moment before it writes to the socket, so that a request
 * which certainly never left is told from one that may have arrived.
 */
export const exchange = (dispatcher: Dispatcher, request: HttpRequest): Promise<Exchange> =>
  new Promise((resolve) => {
    const { method, origin, path, headers, body, headersMs, bodyMs, limitMs } = request;
    const pieces: Buffer[] = [];
    let status = 0;
    let sending: Dispatcher.DispatchController | undefined;
    let isOver = false;

    const end = (result: Exchange): void => {
      isOver = true;
      clearTimeout(timer);
      resolve(result);
    };
    const fail = (cause: string): void => end({ type: sending === undefined ? 'not_sent' : 'lost', cause });
    const timer = setTimeout(() => {
      fail(`no answer within ${Math.ceil(limitMs)} ms`);
      sending?.abort(new Error('Time is up'));
    }, limitMs);

    dispatcher.dispatch(
      { method, origin, path, headers: { ...headers }, body, headersTimeout: headersMs, bodyTimeout: bodyMs },
      {
        onRequestStart(controller) {
          if (isOver) controller.abort(new Error('Time is up'));
          else sending = controller;
        },
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, piece) {
          pieces.push(piece);
        },
        onResponseEnd() {
          end({ type: 'answered', status, text: Buffer.concat(pieces).toString('utf8') });
        },
        onResponseError(_controller, error) {
          if (!isOver) fail(causeOf(error));
        },
      },
    );
  });

/** The code, not the text: texts of network errors may quote what was sent. */
const causeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : error.name);
