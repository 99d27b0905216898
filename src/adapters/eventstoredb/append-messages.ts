import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { unpackToCommandError } from '@eventstore/db-client/dist/streams/appendToStream/unpackError.js';
import { UnknownError } from '@eventstore/db-client';
import type { Position } from '@eventstore/db-client';
import type { ExpectedRevision } from '../../application/ports/event-log.js';
import type { EventBytes } from './event-json.js';

// Between an append and EventStoreDB's messages of `BatchAppend`.

const { BatchAppendReq } = streams;

export interface Append {
  /** As EventStoreDB has it. */
  readonly stream: string;
  readonly events: readonly EventBytes[];
  readonly expected: ExpectedRevision;
}

export interface Appended {
  readonly revision: number;
  /** Of a repeat EventStoreDB may tell none. */
  readonly position: Position | undefined;
}

/** EventStoreDB takes messages of 16 MB. An append above its own limit of 1 MiB shall be refused as one, not for its message. */
const messageBytesMax = 1024 * 1024;

/**
 * The messages of an append, one for all but the largest. No deadline is given: the generated definitions know only a time of day, and with
 * clocks that differ by two seconds every append would be late. EventStoreDB then takes its own write timeout.
 */
export const messagesOf = (id: string, { stream, events, expected }: Append): readonly streams.BatchAppendReq[] => {
  const correlationId = new shared.UUID().setString(id);
  const options = withExpected(new BatchAppendReq.Options(), expected).setStreamIdentifier(
    new shared.StreamIdentifier().setStreamName(Buffer.from(stream)),
  );
  const groups = inGroups(events);
  return groups.map((group, n) => {
    const message = new BatchAppendReq()
      .setCorrelationId(correlationId)
      .setProposedMessagesList(group.map(proposedMessageOf))
      .setIsFinal(n === groups.length - 1);
    return n === 0 ? message.setOptions(options) : message;
  });
};

/** @throws what EventStoreDB answers instead; what it is in doubt about, as some other error */
export const appendedIn = (answer: streams.BatchAppendResp): Appended => {
  const success = answer.getSuccess();
  if (!success) throw refusalIn(answer);
  const position = success.getPosition();
  return {
    revision: Number(success.getCurrentRevision()),
    position: position && {
      commit: BigInt(position.getCommitPosition()),
      prepare: BigInt(position.getPreparePosition()),
    },
  };
};

const refusalIn = (answer: streams.BatchAppendResp): Error => {
  const error = answer.getError();
  if (!error?.hasDetails()) return new UnknownError(undefined, `EventStoreDB answers: ${error?.getMessage() ?? ''}`);
  return unpackToCommandError(error, Buffer.from(answer.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString());
};

const withExpected = (options: streams.BatchAppendReq.Options, expected: ExpectedRevision) => {
  if (expected === 'none') return options.setNoStream(new shared.Empty());
  return expected === 'any' ? options.setAny(new shared.Empty()) : options.setStreamPosition(String(expected));
};

const proposedMessageOf = ({ id, type, data, metadata }: EventBytes): streams.BatchAppendReq.ProposedMessage => {
  const message = new BatchAppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(id))
    .setData(data)
    .setCustomMetadata(metadata);
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  return message;
};

/** What id, type and framing of an event take, and a little more. */
const envelopeBytes = 200;

const inGroups = (events: readonly EventBytes[]): readonly (readonly EventBytes[])[] => {
  const groups: EventBytes[][] = [];
  let bytes = Infinity;
  for (const event of events) {
    const eventBytes = event.data.length + event.metadata.length + envelopeBytes;
    if (bytes + eventBytes > messageBytesMax) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(event);
    bytes += eventBytes;
  }
  return groups;
};
