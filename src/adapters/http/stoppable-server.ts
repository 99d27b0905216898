import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** api.md 1. */
const openRequestsMs = 10_000;
/** A request must have come in whole by then. */
const requestMs = 30_000;
/** Longer than a gateway keeps its connections, so that it is never the one to be surprised. */
const keepAliveMs = 75_000;
/** While stopping: how often connections are looked through for those whose answer is written. */
const idleEveryMs = 10;

/** An HTTP server that can be put down without cutting anybody off. */
export class StoppableServer {
  constructor(
    private readonly server: Server,
    private readonly openMs = openRequestsMs,
  ) {
    server.keepAliveTimeout = keepAliveMs;
    server.requestTimeout = requestMs;
  }

  listen(port: number, host?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        const { port: taken } = this.server.address() as AddressInfo;
        resolve(`http://127.0.0.1:${taken}`);
      });
    });
  }

  async close(): Promise<void> {
    this.server.prependListener('request', endConnection);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    // A connection ends with the answer that is under way on it.
    const idleness = setInterval(() => this.server.closeIdleConnections(), idleEveryMs);
    const impatience = setTimeout(() => this.server.closeAllConnections(), this.openMs);
    await closed;
    clearInterval(idleness);
    clearTimeout(impatience);
  }
}

const endConnection = (_request: IncomingMessage, response: ServerResponse): void =>
  void response.setHeader('Connection', 'close');
