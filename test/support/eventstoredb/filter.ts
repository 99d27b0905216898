import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { RecordedEvent } from './event-store.js';

/** What a reader of $all wants to see, and after how many events looked at it wants to hear how far the server has come. */
export interface Filter {
  readonly matches: (event: RecordedEvent) => boolean;
  readonly checkpointEvery: number;
}

/** As EventStoreDB searches when it is told no window of its own. */
const searchWindow = 32;

export const filterOf = (options: streams.ReadReq.Options): Filter => {
  const filter = options.getFilter();
  if (!filter) return { matches: () => true, checkpointEvery: Infinity };
  const onStream = filter.getStreamIdentifier();
  const matches = textFilterOf(onStream ?? filter.getEventType());
  return {
    matches: ({ stream, type }) => matches(onStream ? stream : type),
    checkpointEvery: (filter.hasMax() ? filter.getMax() : searchWindow) * filter.getCheckpointintervalmultiplier(),
  };
};

const textFilterOf = (
  expression: streams.ReadReq.Options.FilterOptions.Expression | undefined,
): ((text: string) => boolean) => {
  const prefixes = expression?.getPrefixList() ?? [];
  if (prefixes.length > 0) return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  const pattern = new RegExp(expression?.getRegex() ?? '');
  return (text) => pattern.test(text);
};
