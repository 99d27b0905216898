import { status } from '@grpc/grpc-js';
import type { Metadata, ServerReadableStream, ServiceError } from '@grpc/grpc-js';
import code from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { appendBytesMax } from './event-store.js';
import type { Expected, ProposedEvent, Written } from './event-store.js';
import { expectedOf, identifierOf, proposedEventOf, refusal, streamDeleted, streamNameOf } from './messages.js';
import { beginCall, count, under } from './node.js';
import type { BatchAppendCall, Node } from './node.js';

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;
type WrongExpectedVersion = Extract<Written, { readonly type: 'wrong-expected-version' }>;

/** One append: its options first, then event by event. */
export const answerAppend = async (node: Node, call: AppendCall): Promise<streams.AppendResp> => {
  let options: streams.AppendReq.Options | undefined;
  const events: ProposedEvent[] = [];
  for await (const message of call as AsyncIterable<streams.AppendReq>) {
    options ??= message.getOptions();
    const proposed = message.getProposedMessage();
    if (proposed) events.push(proposedEventOf(proposed));
  }
  if (!options) throw refusal(status.INVALID_ARGUMENT, 'An append without options');
  const stream = streamNameOf(options.getStreamIdentifier());
  const expected = expectedOf(options, options.getRevision());
  count(node, 'AppendCall');
  beginCall(node, 'Append', call.metadata);
  const written = await under(node.faults.strike('append'), () => node.store.append(stream, events, expected));
  if (written.type === 'wrong-expected-version')
    return new streams.AppendResp().setWrongExpectedVersion(wrongVersionOf(written));
  return new streams.AppendResp().setSuccess(successOf(stream, written));
};

/** Appends that share one call, told apart by their correlation ids. */
export const answerBatchAppends = (node: Node, call: BatchAppendCall): void => {
  count(node, 'AppendCall');
  node.appendCalls.add(call);
  call.on('close', () => node.appendCalls.delete(call));
  const begun = new Map<string, { options: streams.BatchAppendReq.Options; events: ProposedEvent[] }>();
  call.on('data', (message: streams.BatchAppendReq) => {
    const id = message.getCorrelationId()?.getString() ?? '';
    const append = begun.get(id) ?? {
      options: message.getOptions() ?? new streams.BatchAppendReq.Options(),
      events: [],
    };
    begun.set(id, append);
    append.events.push(...message.getProposedMessagesList().map(proposedEventOf));
    if (!message.getIsFinal()) return;
    begun.delete(id);
    answerOfBatch(node, call, append).then(
      (answer) => {
        if (!call.writableEnded) call.write(answer.setCorrelationId(new shared.UUID().setString(id)));
      },
      (error: unknown) => call.emit('error', error),
    );
  });
  call.on('end', () => call.end());
};

const answerOfBatch = async (
  node: Node,
  call: BatchAppendCall,
  append: { readonly options: streams.BatchAppendReq.Options; readonly events: readonly ProposedEvent[] },
): Promise<streams.BatchAppendResp> => {
  const { options, events } = append;
  const stream = streamNameOf(options.getStreamIdentifier());
  const expected = expectedOf(options, options.getStreamPosition());
  beginCall(node, 'Append', call.metadata);
  const answer = await answerUnder(() =>
    under(node.faults.strike('append'), () => batchAnswerOf(stream, node.store.append(stream, events, expected))),
  );
  return answer.setStreamIdentifier(identifierOf(stream));
};

/** What a call of its own would be refused with is here the answer to one append; all else ends the call for all. */
const answerUnder = async (answer: () => Promise<streams.BatchAppendResp>): Promise<streams.BatchAppendResp> => {
  try {
    return await answer();
  } catch (error) {
    const { code: refusedWith } = error as ServiceError;
    if (refusedWith === status.PERMISSION_DENIED) return batchErrorOf(new shared.AccessDenied(), 'AccessDenied');
    if (refusedWith === status.DEADLINE_EXCEEDED) return batchErrorOf(new shared.Timeout(), 'Timeout');
    throw error;
  }
};

/** Deletes a stream, or buries it for ever. @returns the position of that @throws what gRPC is to answer */
export const answerRemoval = async (
  node: Node,
  how: 'delete' | 'tombstone',
  options: streams.DeleteReq.Options | streams.TombstoneReq.Options,
  metadata: Metadata,
): Promise<string> => {
  beginCall(node, 'Remove', metadata);
  const stream = streamNameOf(options.getStreamIdentifier());
  const expected = expectedOf(options, options.getRevision());
  const written = await under(node.faults.strike('remove'), () => node.store[how](stream, expected));
  if (written.type !== 'wrong-expected-version') return String(successPositionOf(stream, written) ?? 0n);
  throw refusal(status.FAILED_PRECONDITION, `Wrong expected version of ${stream}`, {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': String(typeof written.expected === 'number' ? written.expected : -1),
    ...(written.actual === 'no-stream' ? {} : { 'actual-version': String(written.actual) }),
  });
};

const successOf = (stream: string, written: Exclude<Written, WrongExpectedVersion>): streams.AppendResp.Success => {
  const position = successPositionOf(stream, written);
  const success = new streams.AppendResp.Success();
  if (written.type === 'written') success.setCurrentRevision(String(written.revision));
  if (position === undefined) return success.setNoPosition(new shared.Empty());
  return success.setPosition(
    new streams.AppendResp.Position().setCommitPosition(String(position)).setPreparePosition(String(position)),
  );
};

const successPositionOf = (stream: string, written: Exclude<Written, WrongExpectedVersion>): bigint | undefined => {
  if (written.type === 'stream-deleted') throw streamDeleted(stream);
  if (written.type === 'too-large') throw tooLarge();
  return written.position;
};

const tooLarge = (): ServiceError =>
  refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${appendBytesMax} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(appendBytesMax),
  });

const wrongVersionOf = ({ expected, actual }: WrongExpectedVersion): streams.AppendResp.WrongExpectedVersion => {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (actual === 'no-stream') wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(actual));
  return setExpected(wrong, expected, new shared.Empty(), (revision) => wrong.setExpectedRevision(revision));
};

const batchAnswerOf = (stream: string, written: Written): streams.BatchAppendResp => {
  const answer = new streams.BatchAppendResp();
  switch (written.type) {
    case 'written': {
      const success = new streams.BatchAppendResp.Success().setCurrentRevision(String(written.revision));
      const { position } = written;
      if (position === undefined) return answer.setSuccess(success.setNoPosition(new empty.Empty()));
      return answer.setSuccess(
        success.setPosition(
          new shared.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position)),
        ),
      );
    }
    case 'wrong-expected-version':
      return batchErrorOf(batchWrongVersionOf(written), 'WrongExpectedVersion');
    case 'stream-deleted':
      return batchErrorOf(new shared.StreamDeleted().setStreamIdentifier(identifierOf(stream)), 'StreamDeleted');
    case 'too-large':
      return batchErrorOf(
        new shared.MaximumAppendSizeExceeded().setMaxappendsize(appendBytesMax),
        'MaximumAppendSizeExceeded',
      );
  }
};

const batchWrongVersionOf = ({ expected, actual }: WrongExpectedVersion): shared.WrongExpectedVersion => {
  const wrong = new shared.WrongExpectedVersion();
  if (actual === 'no-stream') wrong.setCurrentNoStream(new empty.Empty());
  else wrong.setCurrentStreamRevision(String(actual));
  return setExpected(wrong, expected, new empty.Empty(), (revision) => wrong.setExpectedStreamPosition(revision));
};

interface WithExpected<Nothing> {
  setExpectedNoStream(value: Nothing): unknown;
  setExpectedStreamExists(value: Nothing): unknown;
  setExpectedAny(value: Nothing): unknown;
}

const setExpected = <Nothing, Message extends WithExpected<Nothing>>(
  message: Message,
  expected: Expected,
  nothing: Nothing,
  setRevision: (revision: string) => unknown,
): Message => {
  if (typeof expected === 'number') setRevision(String(expected));
  else if (expected === 'no-stream') message.setExpectedNoStream(nothing);
  else if (expected === 'stream-exists') message.setExpectedStreamExists(nothing);
  else message.setExpectedAny(nothing);
  return message;
};

const batchErrorOf = (details: { serializeBinary(): Uint8Array }, name: string): streams.BatchAppendResp => {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${name}`);
  const error = new statuses.Status().setCode(code.Code.UNKNOWN).setMessage(name).setDetails(packed);
  return new streams.BatchAppendResp().setError(error);
};
