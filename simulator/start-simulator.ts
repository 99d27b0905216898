import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './http/create-app.js';
import { openSimulator } from './open-simulator.js';
import type { SimulatorOptions } from './simulator-options.js';
import type { SimulatorParts } from './simulator-parts.js';

export interface RunningSimulator {
  /** Where it listens, without a slash at the end: the host of the API, of Snap and of the controls. */
  readonly url: string;
  readonly serverKey: string;
  readonly clientKey: string;
  /** Ends open requests, stops the clock and closes the file. */
  close(): Promise<void>;
}

/** Starts a Midtrans on this machine. Rejects when the port is taken or the file is not usable. */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<RunningSimulator> => {
  const { port = 0, host = '127.0.0.1' } = options;
  // The port first: a second simulator on the same file is then told of the port, which is the usual mistake.
  const server = createServer();
  await listen(server, port, host);
  const url = urlOf(server, host);
  const parts = await openOrClose(server, { ...options, publicUrl: options.publicUrl ?? url });
  const handle = createApp(parts).callback();
  server.on('request', (request, response) => void handle(request, response));
  return {
    url,
    serverKey: parts.keys.serverKey,
    clientKey: parts.keys.clientKey,
    close: () => close(server, parts),
  };
};

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

const urlOf = (server: Server, host: string): string => {
  const { port } = server.address() as AddressInfo;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
};

const openOrClose = async (
  server: Server,
  options: SimulatorOptions & { publicUrl: string },
): Promise<SimulatorParts> => {
  try {
    return openSimulator(options);
  } catch (error) {
    await new Promise((resolve) => server.close(resolve));
    throw error;
  }
};

const closeWithinMs = 2_000;

const close = async (server: Server, parts: SimulatorParts): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const impatience = setTimeout(() => server.closeAllConnections(), closeWithinMs);
  await closed;
  clearTimeout(impatience);
  const stopped = parts.clock.stop();
  await parts.delivery.close();
  await stopped;
  parts.store.close();
};
