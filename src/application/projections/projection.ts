import type { JsonObject } from '../../domain/json.js';
import type { CollectionDeclaration } from '../ports/documents.js';
import type { ToldEvent } from '../ports/whole-streams.js';

/** A read model: each document is folded from one stream by pure functions (design D5). */
export interface Projection<Fold = unknown> {
  readonly name: string;
  /** Grows when what is written changes: the next start then rebuilds. */
  readonly version: number;
  readonly collection: CollectionDeclaration;
  readonly streamPrefixes: readonly string[];
  idOf(stream: string): string;
  /** 0 to 15: who folds a stream when several processes share the work (design D6). */
  partitionOf(stream: string): number;
  fold(before: Fold | undefined, event: ToldEvent, id: string): Fold;
  document(fold: Fold): JsonObject;
  resume(document: JsonObject): Fold;
}

/** Names the follower that keeps it. */
export const followerOf = ({ name, version }: Pick<Projection, 'name' | 'version'>): string =>
  `projection:${name}:${version}`;

/** Of newer versions so many are known about by those before them. */
const newerKnown = 2;

/**
 * Whoever keeps other versions, before it or after it. While releases run side by side each document is kept by one of them, and the
 * guard lets the newest version stand.
 */
export const otherVersionsOf = ({ name, version }: Pick<Projection, 'name' | 'version'>): readonly string[] =>
  Array.from({ length: version + newerKnown }, (_, n) => n + 1)
    .filter((other) => other !== version)
    .map((other) => followerOf({ name, version: other }));
