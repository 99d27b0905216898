import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { EventFeed, FeedFilter } from '../../application/ports/event-feed.js';

export interface CliCommand {
  readonly name: string;
  readonly usage: string;
  readonly does: string;
  /** The exit status. */
  run(args: readonly string[]): Promise<number>;
}

export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** @throws WrongUse for an option that the command does not know */
export const readArgs = <const Known extends Options>(args: readonly string[], options: Known) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
};

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

const countMax = 1_000_000_000;
/** Whether it is much is all that is asked where no progress is shown, and on a server counting means reading. */
const countMaxUnshown = 100_000;

/** How many events there are to come, for a progress bar; cut short where none is drawn. */
export const eventsIn = (eventFeed: EventFeed, filter: FeedFilter): Promise<number> =>
  eventFeed.countAfter('start', filter, process.stderr.isTTY ? countMax : countMaxUnshown);

/** Redrawn in place on a terminal; nothing elsewhere, so that a pipe gets results only. */
export const progressBar = (what: string): ((done: number, total: number) => void) => {
  const width = 30;
  return (done, total) => {
    if (!process.stderr.isTTY) return;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const filled = '#'.repeat(Math.round(share * width)).padEnd(width, '.');
    process.stderr.write(`\r${what} [${filled}] ${done}/${total}${share === 1 ? '\n' : ''}`);
  };
};
