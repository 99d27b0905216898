import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { Agent } from 'undici';
import type { GatewayFailure } from '../../application/ports/payment-gateway.js';
import type { JsonObject } from '../../domain/json.js';
import { readAnswer, type Answer } from './answer.js';
import { exchange } from './exchange.js';
import type { MidtransHosts } from './hosts.js';

/** All in ms. A call with its repeats ends within `deadlineMs` (design D3). */
export interface MidtransTiming {
  readonly deadlineMs: number;
  readonly connectMs: number;
  /** Until an answer begins, where it may be asked for again; else the whole deadline. */
  readonly headersMs: number;
  /** Between two pieces of an answer. */
  readonly bodyMs: number;
  /** Before each repeat; as many as there are pauses. */
  readonly pausesMs: readonly number[];
  /** Before asking again for an answer that is still being worked on; as often as the deadline allows. */
  readonly inFlightPauseMs: number;
  /** How long the circuit stays open before one request tries again. */
  readonly circuitOpenMs: number;
}

export const midtransTiming: MidtransTiming = {
  deadlineMs: 25_000,
  connectMs: 3_000,
  headersMs: 10_000,
  bodyMs: 5_000,
  pausesMs: [250, 1_000],
  inFlightPauseMs: 1_000,
  circuitOpenMs: 5_000,
};

export interface MidtransSettings {
  readonly hosts: MidtransHosts;
  readonly serverKey: string;
  readonly timing: MidtransTiming;
}

export interface MidtransRequest {
  readonly method: 'GET' | 'POST';
  readonly host: 'core' | 'snap' | 'panapi';
  readonly path: string;
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  /** May be sent again when its fate is unknown, because twice moves money no more than once. */
  readonly repeatable: boolean;
  /** Texts that must not come back in a message. */
  readonly secrets?: readonly string[];
}

export type Called = Extract<Answer, { type: 'done' }> | GatewayFailure;

/** An attempt's end: an answer, or none. `lost`: it may have arrived. */
type Attempt =
  Answer | { readonly type: 'not_sent' | 'lost'; readonly cause: string } | { readonly type: 'circuit_open' };

const failuresToOpen = 10;
const connectionsPerHost = 128;
const answerBytesMax = 512 * 1024;
const messageLengthMax = 500;

/** Transport to Midtrans: connections, time-outs, repeats, circuit. What bodies mean is no business of it. */
export class MidtransClient {
  private readonly agent: Agent;
  private readonly circuits: Readonly<Record<MidtransRequest['host'], CircuitBreakerPolicy>>;
  private readonly authorization: string;

  constructor(private readonly settings: MidtransSettings) {
    const { serverKey, timing } = settings;
    if (!/^\S+$/.test(serverKey)) throw new Error('The Midtrans server key is empty or contains white space');
    this.authorization = Buffer.from(`${serverKey}:`).toString('base64');
    this.agent = new Agent({
      connections: connectionsPerHost,
      connect: { timeout: timing.connectMs },
      maxResponseSize: answerBytesMax,
    });
    const circuit = () => circuitOf(timing.circuitOpenMs);
    this.circuits = { core: circuit(), snap: circuit(), panapi: circuit() };
  }

  get deadlineMs(): number {
    return this.settings.timing.deadlineMs;
  }

  /** Never rejects for what Midtrans or the network does. */
  async call(request: MidtransRequest): Promise<Called> {
    const { deadlineMs, inFlightPauseMs, pausesMs } = this.settings.timing;
    const endsAt = performance.now() + deadlineMs;
    const pauses = [...pausesMs];
    let mayHaveArrived = false;
    for (;;) {
      const attempt = await this.attempt(request, endsAt - performance.now());
      const again = mayRepeat(attempt, request.repeatable);
      const pauseMs = again === 'in_flight' ? inFlightPauseMs : again === 'yes' ? pauses.shift() : undefined;
      const isLast = pauseMs === undefined || performance.now() + pauseMs >= endsAt;
      if (isLast) return this.withoutSecrets(request, outcomeOf(attempt, mayHaveArrived));
      mayHaveArrived ||= request.method === 'POST' && leavesDoubt(attempt);
      await sleep(pauseMs);
    }
  }

  /** Waits for open calls, then closes the connections. */
  close(): Promise<void> {
    return this.agent.close();
  }

  private async attempt(request: MidtransRequest, leftMs: number): Promise<Attempt> {
    const circuit = this.circuits[request.host];
    // While one request tries whether Midtrans is back, cockatiel would make all others wait for it, past their deadline.
    if (circuit.state === CircuitState.HalfOpen) return { type: 'circuit_open' };
    try {
      return await circuit.execute(() => this.send(request, leftMs));
    } catch (error) {
      if (error instanceof BrokenCircuitError) return { type: 'circuit_open' };
      throw error;
    }
  }

  private async send(request: MidtransRequest, leftMs: number): Promise<Attempt> {
    const { hosts, timing } = this.settings;
    const sent = await exchange(this.agent, {
      method: request.method,
      origin: hosts[request.host],
      path: request.path,
      headers: { ...request.headers, ...this.ownHeaders() },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      headersMs: request.repeatable ? Math.min(timing.headersMs, leftMs) : leftMs,
      bodyMs: timing.bodyMs,
      limitMs: leftMs,
    });
    return sent.type === 'answered' ? readAnswer(sent.status, sent.text) : sent;
  }

  private ownHeaders(): Readonly<Record<string, string>> {
    const authorization = `Basic ${this.authorization}`;
    return {
      authorization,
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'payment-service',
    };
  }

  /** Midtrans may quote what it was sent. */
  private withoutSecrets(request: MidtransRequest, called: Called): Called {
    const secrets = [this.settings.serverKey, this.authorization, ...(request.secrets ?? [])];
    return { ...called, message: redacted(called.message, secrets).slice(0, messageLengthMax) };
  }
}

/** Opens on failures of transport in a row; whatever Midtrans itself says, a refusal or its bank's trouble, closes it. */
const circuitOf = (openMs: number): CircuitBreakerPolicy =>
  circuitBreaker(
    handleWhenResult((attempt) => isTransportFailure(attempt as Attempt)),
    {
      halfOpenAfter: openMs,
      breaker: new ConsecutiveBreaker(failuresToOpen),
    },
  );

const isTransportFailure = (attempt: Attempt): boolean =>
  attempt.type === 'not_sent' || attempt.type === 'lost' || (attempt.type === 'doubtful' && !attempt.fromMidtrans);

const leavesDoubt = ({ type }: Attempt): boolean => type === 'lost' || type === 'doubtful' || type === 'in_flight';

const mayRepeat = (attempt: Attempt, repeatable: boolean): 'yes' | 'in_flight' | 'no' => {
  switch (attempt.type) {
    case 'not_sent':
    case 'rate_limited':
      return 'yes';
    case 'in_flight':
      return repeatable ? 'in_flight' : 'no';
    case 'lost':
    case 'doubtful':
      return repeatable ? 'yes' : 'no';
    case 'done':
    case 'refused':
    case 'circuit_open':
      return 'no';
  }
};

/** `mayHaveArrived`: an earlier send of this call, which the last attempt says nothing certain about. */
const outcomeOf = (attempt: Attempt, mayHaveArrived: boolean): Called => {
  switch (attempt.type) {
    case 'done':
      return attempt;
    case 'refused':
      return refusal(attempt, mayHaveArrived);
    case 'lost':
      return { type: 'unknown', message: `No whole answer came (${attempt.cause})` };
    case 'doubtful':
      return { type: 'unknown', message: attempt.message };
    case 'in_flight':
      return { type: 'unknown', message: 'Midtrans was still working on it' };
    case 'not_sent':
      return notSent('unreachable', `Midtrans was not reached (${attempt.cause})`, mayHaveArrived);
    case 'rate_limited':
      return notSent('rate_limited', 'Midtrans takes no more requests for now', mayHaveArrived);
    case 'circuit_open':
      return notSent('circuit_open', 'Midtrans did not answer lately, so it was not asked', mayHaveArrived);
  }
};

/**
 * After a send that may have arrived, 406 and 412 may be about that send, and the caller looks. Any other refusal then (a token
 * that our first send used up, an amount that it refunded) would be wrongly believed.
 */
const refusal = (refused: Extract<Answer, { type: 'refused' }>, mayHaveArrived: boolean): Called => {
  const { because, code, message } = refused;
  if (mayHaveArrived && because !== 'conflict' && because !== 'state') {
    return { type: 'unknown', message: `A repeat was refused (${code}: ${message}); the send before it had no answer` };
  }
  return { type: 'refused', because, statusCode: code, message, firstSend: !mayHaveArrived };
};

const notSent = (
  because: 'unreachable' | 'rate_limited' | 'circuit_open',
  message: string,
  mayHaveArrived: boolean,
): Called => (mayHaveArrived ? { type: 'unknown', message } : { type: 'not_sent', because, message });

const redacted = (message: string, secrets: readonly string[]): string =>
  secrets
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, '[redacted]'), message);

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
