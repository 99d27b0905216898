import { NoAnswer } from './answers.js';
import type { Recorded } from './event-json.js';

/** A read of the client, under way. */
export interface Reading {
  on(event: 'data', listener: (resolved: { readonly event?: Recorded }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  cancel(): Promise<void>;
}

/**
 * Shows each event to `visitor` until it has seen enough (`false`). The client sets no deadline for reads, so silence is counted
 * here. Whoever leaves early still lets the rest flow by: the client holds on to a read that is not read to its end.
 * @throws NoAnswer after `silenceMs` without an event, and what EventStoreDB answers
 */
export const visit = (reading: Reading, silenceMs: number, visitor: (event: Recorded) => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    let isLeft = false;
    const leave = (settle: () => void): void => {
      isLeft = true;
      clearTimeout(silence);
      settle();
      void reading.cancel().catch(() => undefined);
    };
    const silence = setTimeout(() => {
      leave(() => reject(new NoAnswer(`EventStoreDB was silent for ${silenceMs} ms`)));
    }, silenceMs);
    reading.on('data', ({ event }) => {
      if (isLeft) return;
      silence.refresh();
      try {
        if (event && !visitor(event)) leave(resolve);
      } catch (error) {
        leave(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    });
    reading.on('error', (error) => leave(() => reject(error)));
    reading.on('end', () => leave(resolve));
  });

/** All events of a read. */
export const eventsOf = async (reading: Reading, silenceMs: number): Promise<readonly Recorded[]> => {
  const events: Recorded[] = [];
  await visit(reading, silenceMs, (event) => events.push(event) > 0);
  return events;
};
