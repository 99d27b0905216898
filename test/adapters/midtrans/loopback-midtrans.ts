import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../../src/domain/json.js';
import { MidtransClient, type MidtransTiming } from '../../../src/adapters/midtrans/client.js';
import { midtransHosts } from '../../../src/adapters/midtrans/hosts.js';
import {
  MidtransPaymentGateway,
  type MidtransGatewaySettings,
} from '../../../src/adapters/midtrans/payment-gateway.js';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly clientPort: number;
}

/** How the server treats one request; the last of a script treats all that follow. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

export interface LoopbackMidtrans {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  readonly stop: () => Promise<void>;
}

/** A raw HTTP server that answers by script. */
export const loopbackMidtrans = async (...script: readonly Reply[]): Promise<LoopbackMidtrans> => {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url: path = '', headers, socket } = request;
      const body = Buffer.concat(pieces).toString('utf8');
      received.push({ method, path, headers, body, clientPort: socket.remotePort ?? 0 });
      const reply = script[Math.min(received.length, script.length) - 1];
      reply?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, received, stop };
};

export const json =
  (body: JsonObject, httpStatus = 200): Reply =>
  (response) =>
    raw(JSON.stringify(body), httpStatus)(response, response.req);

export const raw =
  (text: string, httpStatus = 200, contentType = 'application/json'): Reply =>
  (response) => {
    response.writeHead(httpStatus, { 'content-type': contentType }).end(text);
  };

export const html = (httpStatus: number): Reply => raw('<html><body>Sorry</body></html>', httpStatus, 'text/html');

/** Connection reset without a byte of an answer. */
export const reset: Reply = (response) => {
  response.socket?.resetAndDestroy();
};

export const silence: Reply = () => {};

export const serverKey = 'SB-Mid-server-loopback';

export const quickTiming: MidtransTiming = {
  deadlineMs: 900,
  connectMs: 300,
  headersMs: 200,
  bodyMs: 200,
  pausesMs: [5, 10],
  inFlightPauseMs: 20,
  circuitOpenMs: 150,
};

export interface GatewayUnderTest {
  readonly gateway: MidtransPaymentGateway;
  readonly close: () => Promise<void>;
}

export const gatewayTo = (
  url: string,
  timing: Partial<MidtransTiming> = {},
  settings: Partial<MidtransGatewaySettings> = {},
): GatewayUnderTest => {
  const hosts = midtransHosts('mock', url);
  const client = new MidtransClient({ hosts, serverKey, timing: { ...quickTiming, ...timing } });
  const gateway = new MidtransPaymentGateway(client, { notificationUrl: null, directRefunds: new Set(), ...settings });
  return { gateway, close: () => client.close() };
};
