import { EventStoreDBClient, StreamNotFoundError } from '@eventstore/db-client';
import { isAnswer, untilAnswered, within } from './answers.js';
import type { Patience } from './answers.js';
import type { Append, Appended } from './append-messages.js';
import { withParameters } from './connection-string.js';
import { visit } from './reading.js';
import { SharedAppends } from './shared-appends.js';

/** What is asked of the client itself; its own way of appending is not (docs/decisions/0010-one-call-for-all-appends.md). */
export type Reader = Pick<EventStoreDBClient, 'readStream' | 'readAll' | 'subscribeToAll'>;

export interface ConnectionSettings {
  /** EVENTSTORE_URL: hosts or discovery, credentials, TLS. */
  readonly connectionString: string;
  /** Only the leader of a cluster knows the end of a stream; any node has the past. */
  readonly requiresLeader: boolean;
  /** A stream that is read once on a fresh connection. */
  readonly warmUpStream: string;
  readonly patience: Patience;
}

/**
 * A client, and whether its connection has answered. A fresh connection gets one read, and everybody else waits for it, since many
 * calls at once on a fresh one may hang (eventstoredb-facts). After a call without an answer it counts as fresh again.
 */
export class Connection {
  readonly patience: Patience;
  readonly requiresLeader: boolean;
  private readonly client: EventStoreDBClient;
  private readonly appends: SharedAppends;
  private warm: Promise<void> | undefined;

  constructor(private readonly settings: ConnectionSettings) {
    this.patience = settings.patience;
    this.requiresLeader = settings.requiresLeader;
    this.client = clientOf(settings.connectionString);
    this.appends = new SharedAppends(this.client, settings.requiresLeader, settings.patience.tryMs);
  }

  /**
   * Calls again and again until there is an answer.
   * @throws StoreUnavailable
   */
  answered<T>(what: string, call: (client: Reader) => Promise<T>): Promise<T> {
    return untilAnswered(what, this.patience, () => this.once(call));
  }

  /**
   * Repeats the append as it is, with the same ids, until it is answered: EventStoreDB knows it again (design D9).
   * @throws StoreUnavailable
   */
  append(append: Append): Promise<Appended> {
    return this.answered(`append to ${append.stream}`, () => this.appends.append(append));
  }

  /** Calls once. Nothing is sent when the connection does not answer in time, also not later. */
  async once<T>(call: (client: Reader) => Promise<T>): Promise<T> {
    const warm = (this.warm ??= this.warmUp());
    try {
      await within(this.patience.tryMs, warm);
      return await call(this.client);
    } catch (error) {
      if (!isAnswer(error) && this.warm === warm) this.warm = undefined;
      throw error;
    }
  }

  /** For subscriptions, which are no calls with one answer. */
  subscribed<T>(subscribe: (client: Reader) => T): T {
    return subscribe(this.client);
  }

  /** Ends what is open. */
  async close(): Promise<void> {
    this.appends.close();
    await within(this.patience.tryMs, this.client.dispose()).catch(() => undefined);
  }

  private async warmUp(): Promise<void> {
    const { warmUpStream, requiresLeader, patience } = this.settings;
    try {
      await visit(this.client.readStream(warmUpStream, { maxCount: 1, requiresLeader }), patience.tryMs, () => true);
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
  }
}

/** Search for a leader until there is one. */
const forEver = '1000000000';

/**
 * EventStoreDB's client, kept from a search of the cluster that gives up: that would end the process when the server goes away
 * (docs/decisions/0010-one-call-for-all-appends.md).
 */
const clientOf = (connectionString: string): EventStoreDBClient =>
  EventStoreDBClient.connectionString(withParameters(connectionString, { maxDiscoverAttempts: forEver }));
