import { status } from '@grpc/grpc-js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { EventStore, RecordedEvent } from './event-store.js';
import { filterOf } from './filter.js';
import type { Filter } from './filter.js';
import {
  caughtUpMessage,
  checkpointMessageOf,
  confirmationMessage,
  eventMessageOf,
  notFoundMessageOf,
  refusal,
  streamDeleted,
  streamNameOf,
  unavailable,
} from './messages.js';
import { beginCall, count, under } from './node.js';
import type { Node } from './node.js';

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;
type Options = streams.ReadReq.Options;

/** Answers the one method that reads and subscribes, streams and $all. */
export const answerRead = async (node: Node, call: ReadCall): Promise<void> => {
  const stop = new AbortController();
  call.once('cancelled', () => stop.abort());
  try {
    await send(node, call, stop);
    call.end();
  } catch (error) {
    call.emit('error', error);
  } finally {
    node.subscriptions.delete(stop);
  }
};

const send = async (node: Node, call: ReadCall, stop: AbortController): Promise<void> => {
  const options = call.request.getOptions();
  if (!options) throw refusal(status.INVALID_ARGUMENT, 'A read without options');
  const subscribing = options.hasSubscription();
  beginCall(node, subscribing ? 'Subscribe' : 'Read', call.metadata);
  const fault = node.faults.strike(subscribing ? 'subscribe' : 'read');
  if (subscribing) node.subscriptions.add(stop);
  const messages = await under(fault, () => messagesFor(node.store, options, stop.signal));
  let events = 0;
  for await (const message of messages) {
    if (!call.write(message)) await drained(call, stop.signal);
    if (message.hasEvent()) {
      events += 1;
      count(node, 'event');
    }
    if (stop.signal.aborted) break;
    if (fault?.kind === 'dropped' && events === fault.afterEvents) throw unavailable();
  }
  if (stop.signal.aborted && !call.cancelled) throw unavailable();
};

/** The client takes no more for now. */
const drained = (call: ReadCall, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      call.removeListener('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.on('drain', done);
    signal.addEventListener('abort', done);
  });

const messagesFor = (
  store: EventStore,
  options: Options,
  signal: AbortSignal,
): AsyncIterable<streams.ReadResp> | Iterable<streams.ReadResp> => {
  const stream = options.getStream();
  const maxCount = Number(options.getCount());
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const filter = filterOf(options);
  if (stream) {
    const name = streamNameOf(stream.getStreamIdentifier());
    if (options.hasSubscription()) return streamSubscription(store, name, stream, signal);
    return streamRead(store, name, stream, backwards, maxCount);
  }
  const all = options.getAll() ?? new streams.ReadReq.Options.AllOptions();
  if (options.hasSubscription()) return allSubscription(store, all, filter, signal);
  return allRead(store, all, filter, backwards, maxCount);
};

const streamRead = (
  store: EventStore,
  name: string,
  from: streams.ReadReq.Options.StreamOptions,
  backwards: boolean,
  maxCount: number,
): readonly streams.ReadResp[] => {
  const revision = from.hasStart() ? 'start' : from.hasEnd() ? 'end' : Number(from.getRevision());
  const read = store.readStream(name, revision, backwards ? 'backwards' : 'forwards');
  if (read.type === 'stream-deleted') throw streamDeleted(name);
  return read.type === 'not-found' ? [notFoundMessageOf(name)] : read.events.slice(0, maxCount).map(eventMessageOf);
};

function* allRead(
  store: EventStore,
  from: streams.ReadReq.Options.AllOptions,
  filter: Filter,
  backwards: boolean,
  maxCount: number,
): Generator<streams.ReadResp> {
  let sent = 0;
  for (const event of backwards ? store.allBefore(startOf(from, 'end')) : store.allFrom(startOf(from, 0n))) {
    if (sent === maxCount) return;
    if (!filter.matches(event)) continue;
    sent += 1;
    yield eventMessageOf(event);
  }
}

const startOf = <T>(from: streams.ReadReq.Options.AllOptions, otherwise: T): bigint | T => {
  const position = from.getPosition();
  return position ? BigInt(position.getCommitPosition()) : otherwise;
};

async function* streamSubscription(
  store: EventStore,
  name: string,
  from: streams.ReadReq.Options.StreamOptions,
  signal: AbortSignal,
): AsyncGenerator<streams.ReadResp> {
  const eventsFrom = (revision: number): readonly RecordedEvent[] => {
    const read = store.readStream(name, revision, 'forwards');
    if (read.type === 'stream-deleted') throw streamDeleted(name);
    return read.type === 'found' ? read.events : [];
  };
  const last = eventsFrom(0).at(-1)?.revision ?? -1;
  let next = from.hasStart() ? 0 : from.hasEnd() ? last + 1 : Number(from.getRevision()) + 1;
  yield confirmationMessage();
  for (let told = false; !signal.aborted;) {
    const events = eventsFrom(next);
    for (const event of events) {
      next = event.revision + 1;
      yield eventMessageOf(event);
    }
    if (events.length > 0) continue;
    if (!told) yield caughtUpMessage();
    told = true;
    if (eventsFrom(next).length === 0) await written(store, signal);
  }
}

async function* allSubscription(
  store: EventStore,
  from: streams.ReadReq.Options.AllOptions,
  filter: Filter,
  signal: AbortSignal,
): AsyncGenerator<streams.ReadResp> {
  let position = from.hasEnd() ? store.lastPosition : startOf(from, -1n);
  let lookedAt = 0;
  yield confirmationMessage();
  for (let told = false; !signal.aborted; told = true) {
    for (const event of store.allFrom(position, { after: true })) {
      position = event.position;
      lookedAt += 1;
      if (filter.matches(event)) yield eventMessageOf(event);
      if (lookedAt % filter.checkpointEvery === 0) yield checkpointMessageOf(position);
    }
    if (!told) yield caughtUpMessage();
    if (store.lastPosition <= position) await written(store, signal);
  }
}

/** Resolves at the next append, or when `signal` aborts. */
const written = (store: EventStore, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      forget();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const forget = store.onWritten(done);
    signal.addEventListener('abort', done);
  });
