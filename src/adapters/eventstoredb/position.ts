import { START } from '@eventstore/db-client';
import type { Position } from '@eventstore/db-client';
import type { FeedPosition } from '../../application/ports/event-feed.js';

/** As many as the largest unsigned 64-bit number has. */
const digits = 20;
const pattern = /^(\d{20})\/(\d{20})$/;
/** What EventStoreDB answers where it knows none. */
const unknown = 2n ** 64n - 1n;

/** Commit and prepare position, zero-padded, so that the texts sort as the log does. */
export const positionText = ({ commit, prepare }: Position): string =>
  [commit, prepare].map((part) => String(part).padStart(digits, '0')).join('/');

export const isKnown = (position: Position | undefined): position is Position =>
  position !== undefined && position.commit !== unknown;

/** @throws RangeError for a position of another kind of log */
export const readPositionOf = (position: FeedPosition): typeof START | Position => {
  if (position === 'start') return START;
  const [, commit, prepare] = pattern.exec(position) ?? [];
  if (commit === undefined || prepare === undefined) throw new RangeError(`${position} is no position of EventStoreDB`);
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
};
