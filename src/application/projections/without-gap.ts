import type { StoredEvent } from '../ports/event-log.js';

/** What a document would be folded from is not whole: the log has been truncated, or keeps its events for a time only. */
export class HistoryIncomplete extends Error {
  override readonly name = 'HistoryIncomplete';
  constructor(stream: string, wanted: number, found: number | undefined) {
    const instead = found === undefined ? 'nothing stands there' : `${found} stands in its place`;
    super(`${stream}@${wanted} is not in the log any more: ${instead}`);
  }
}

/**
 * The events of revision `from` and on, as they were asked for, without one missing between them; up to `to`, where that is given.
 * @throws HistoryIncomplete
 */
export const withoutGap = (
  stream: string,
  events: readonly StoredEvent[],
  from: number,
  to = from + events.length - 1,
): readonly StoredEvent[] => {
  for (let n = 0; n <= to - from; n += 1)
    if (events[n]?.revision !== from + n) throw new HistoryIncomplete(stream, from + n, events[n]?.revision);
  return events;
};
