import { StoreUnavailable, type EventLog, type NewEvent } from '../ports/event-log.js';

/** midtrans inbox groups, design D4: measured on EventStoreDB, so that one append stays small. */
const groupEventsMax = 64;
const groupBytesMax = 256 * 1024;
/** With more waiting for a store that is too slow or silent, who comes is told at once to come again. */
const waitingBytesMax = 32 * 1024 * 1024;

interface Waiting {
  readonly event: NewEvent;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  waiting: Waiting[];
  busy: boolean;
}

/**
 * Appends to streams where only the end matters, gathering what arrives while an append is under way into the next. A group is
 * appended exactly as it was gathered: an adapter that repeats it after a lost answer adds nobody (design D4). A log that gathers
 * by itself is given everything at once; waiting for the append before it would cost twice as many commits. Nobody waits behind a store
 * that does not answer: what was not sent is not stored, and whoever sent it shall send it again.
 */
export class GroupedAppends {
  private readonly lanes = new Map<string, Lane>();
  private waitingBytes = 0;

  constructor(private readonly eventLog: EventLog) {}

  /** Resolves when the event is durable. @param bytes its size in the log, roughly. @throws StoreUnavailable */
  async append(stream: string, event: NewEvent, bytes: number): Promise<void> {
    if (this.eventLog.gathersAppends) await this.appendNow(stream, [event]);
    else await this.gather(stream, event, bytes);
  }

  private async appendNow(stream: string, events: readonly NewEvent[]): Promise<void> {
    const { type } = await this.eventLog.append(stream, events, 'any');
    if (type !== 'appended') throw new Error(`${stream} took none of ${events.length} events: ${type}`);
  }

  private async gather(stream: string, event: NewEvent, bytes: number): Promise<void> {
    if (this.waitingBytes > waitingBytesMax)
      throw new StoreUnavailable('The store is too slow for what comes in, so no more is taken for now');
    this.waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      const lane = this.laneOf(stream);
      lane.waiting.push({ event, bytes, resolve, reject });
      if (!lane.busy) void this.drain(stream, lane);
    });
  }

  private laneOf(stream: string): Lane {
    let lane = this.lanes.get(stream);
    if (!lane) this.lanes.set(stream, (lane = { waiting: [], busy: false }));
    return lane;
  }

  private async drain(stream: string, lane: Lane): Promise<void> {
    lane.busy = true;
    while (lane.waiting.length > 0) {
      const group = this.take(lane, groupSize(lane.waiting));
      try {
        await this.appendNow(
          stream,
          group.map(({ event }) => event),
        );
        for (const { resolve } of group) resolve();
      } catch (error) {
        const behind = error instanceof StoreUnavailable ? this.take(lane, lane.waiting.length) : [];
        for (const { reject } of [...group, ...behind]) reject(error);
      }
    }
    lane.busy = false;
  }

  private take(lane: Lane, size: number): readonly Waiting[] {
    const taken = lane.waiting.splice(0, size);
    this.waitingBytes -= taken.reduce((sum, { bytes }) => sum + bytes, 0);
    return taken;
  }
}

/** At least one, else as many as fit. */
const groupSize = (waiting: readonly Waiting[]): number => {
  let bytes = 0;
  let size = 0;
  for (const { bytes: more } of waiting) {
    if (size > 0 && (size >= groupEventsMax || bytes + more > groupBytesMax)) break;
    bytes += more;
    size += 1;
  }
  return size;
};
