import { NoAnswer } from './answers.js';
import type { Recorded } from './event-json.js';

/** A read of the client, under way. */
export interface Reading extends AsyncIterable<{ readonly event?: Recorded }> {
  on(event: 'error', listener: (error: Error) => void): unknown;
  destroy(error?: Error): unknown;
  cancel(): Promise<void>;
}

/**
 * Shows each event to `visitor` until it has seen enough (`false`). The client sets no deadline for reads, so silence is counted
 * here.
 * @throws NoAnswer after `silenceMs` without an event, and what EventStoreDB answers
 */
export const visit = async (
  reading: Reading,
  silenceMs: number,
  visitor: (event: Recorded) => boolean,
): Promise<void> => {
  // An error told after we have left would end the process.
  reading.on('error', () => undefined);
  const silence = setTimeout(() => {
    reading.destroy(new NoAnswer(`EventStoreDB was silent for ${silenceMs} ms`));
  }, silenceMs);
  try {
    for await (const { event } of reading) {
      silence.refresh();
      if (event && !visitor(event)) return;
    }
  } finally {
    clearTimeout(silence);
    // Leaving the loop ends the client's stream, not the server's.
    void reading.cancel().catch(() => undefined);
  }
};

/** All events of a read. */
export const eventsOf = async (reading: Reading, silenceMs: number): Promise<readonly Recorded[]> => {
  const events: Recorded[] = [];
  await visit(reading, silenceMs, (event) => events.push(event) > 0);
  return events;
};
