import { AccessDeniedError, convertToCommandError, UnsupportedError } from '@eventstore/db-client';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '../../application/ports/event-log.js';
import { NoAnswer } from './answers.js';
import { appendedIn, messagesOf } from './append-messages.js';
import type { Append, Appended } from './append-messages.js';

/** A call of `BatchAppend`, under way. */
interface GrpcCall {
  write(message: BatchAppendReq): boolean;
  end(): unknown;
  cancel(): void;
  on(event: 'data', listener: (answer: BatchAppendResp) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end' | 'drain', listener: () => void): unknown;
}

/**
 * The one place that reaches for what EventStoreDB's client keeps to itself: its channel, with redirects to the leader, reconnection, TLS
 * and credentials. The client is pinned.
 */
const openCall = (client: EventStoreDBClient, requiresLeader: boolean): Promise<GrpcCall> =>
  client['GRPCStreamCreator'](StreamsClient, 'appends', (service) =>
    service.batchAppend(...client['callArguments']({ requiresLeader }, { deadline: Infinity })),
  )();

/**
 * All appends of a connection, through one call that stays open: several times as many in a second as with a call for each
 * (docs/decisions/0010-one-call-for-all-appends.md). A call that has ended is followed by another with the next append.
 */
export class SharedAppends {
  private call: AppendCall | undefined;
  private isClosed = false;

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly requiresLeader: boolean,
    /** An append waits so long for its answer. */
    private readonly tryMs: number,
  ) {}

  /**
   * Tries once. Sent in the order of calling.
   * @throws what EventStoreDB answers, or anything else when it may have been done or not
   */
  append(append: Append): Promise<Appended> {
    if (this.isClosed) return Promise.reject(new StoreUnavailable('The connection to EventStoreDB was closed'));
    if (!this.call?.isOpen) this.call = new AppendCall(openCall(this.client, this.requiresLeader), this.tryMs);
    return this.call.append(append);
  }

  /** Leaves those without an answer that wait for one. */
  close(): void {
    this.isClosed = true;
    this.call?.end(new NoAnswer('The connection to EventStoreDB was closed'));
  }
}

/** An append that waits for its answer. */
interface Waiting {
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: Error) => void;
  readonly sinceMs: number;
  readonly timer: NodeJS.Timeout;
}

class AppendCall {
  private readonly waiting = new Map<string, Waiting>();
  /** In order: what waits for the call to open, or to take more. */
  private readonly unsent = new Map<string, readonly BatchAppendReq[]>();
  private grpcCall: GrpcCall | undefined;
  private takesMore = false;
  private heardMs = -Infinity;
  isOpen = true;

  constructor(
    opening: Promise<GrpcCall>,
    private readonly tryMs: number,
  ) {
    opening.then(
      (grpcCall) => this.begin(grpcCall),
      (error: Error) => this.end(endingWith(error)),
    );
  }

  append(append: Append): Promise<Appended> {
    return new Promise((resolve, reject) => {
      const id = randomUUID();
      this.unsent.set(id, messagesOf(id, append));
      const timer = setTimeout(() => this.giveUp(id), this.tryMs);
      this.waiting.set(id, { resolve, reject, sinceMs: performance.now(), timer });
      this.send();
    });
  }

  /** All that wait go without an answer. */
  end(reason: Error): void {
    this.isOpen = false;
    for (const id of this.waiting.keys()) this.take(id)?.reject(reason);
    this.grpcCall?.cancel();
  }

  private begin(grpcCall: GrpcCall): void {
    this.grpcCall = grpcCall;
    grpcCall.on('data', (answer) => this.hear(answer));
    grpcCall.on('drain', () => this.sendMore());
    grpcCall.on('error', (error) => this.end(endingWith(error)));
    grpcCall.on('end', () => {
      grpcCall.end();
      this.end(new NoAnswer('EventStoreDB ended the call for appends'));
    });
    if (this.isOpen) this.sendMore();
    else grpcCall.cancel();
  }

  private sendMore(): void {
    this.takesMore = true;
    this.send();
  }

  private send(): void {
    for (const [id, messages] of this.unsent) {
      if (!this.takesMore) return;
      this.unsent.delete(id);
      for (const message of messages) this.takesMore = this.grpcCall?.write(message) ?? false;
    }
  }

  private hear(answer: BatchAppendResp): void {
    this.heardMs = performance.now();
    // EventStoreDB writes the id of an append whose messages it did not get whole in another form: that one waits in vain.
    const waiting = this.take(answer.getCorrelationId()?.getString() ?? '');
    // Not there: given up before.
    if (!waiting) return;
    try {
      waiting.resolve(appendedIn(answer));
    } catch (error) {
      waiting.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private giveUp(id: string): void {
    const { tryMs } = this;
    const waiting = this.take(id);
    if (!waiting) return;
    waiting.reject(new NoAnswer(`EventStoreDB gave no answer within ${tryMs} ms`));
    // A call that is silent to all would be silent to the repeat too. One append that takes its time must not end it for the others.
    if (this.heardMs < waiting.sinceMs) this.end(new NoAnswer(`EventStoreDB said nothing at all for ${tryMs} ms`));
  }

  private take(id: string): Waiting | undefined {
    const waiting = this.waiting.get(id);
    if (!waiting) return undefined;
    clearTimeout(waiting.timer);
    this.waiting.delete(id);
    this.unsent.delete(id);
    return waiting;
  }
}

/** gRPC's own status code for a method that the server does not have. */
const unimplemented = 12;

/** What the end of a call means to those who wait: never a no of EventStoreDB to what one of them wanted. */
const endingWith = (error: Error): Error => {
  if ('code' in error && error.code === unimplemented) return new UnsupportedError('Appending by BatchAppend', '21.10');
  const told = convertToCommandError(error);
  return told instanceof AccessDeniedError ? told : new NoAnswer(`The call for appends ended: ${error.message}`);
};
