import { packerOf } from '../packing/packed-document.js';
import type { PackedDocument, StoredDocument } from '../ports/documents.js';
import type { FeedPosition } from '../ports/event-feed.js';
import type { Share, ToldEvent, WholeStream, WholeStreams } from '../ports/whole-streams.js';
import { whyOf } from '../parking/parked-key.js';
import { guardOf } from './document-guard.js';
import type { Projection } from './projection.js';

/** What some streams came to. Plain data, so that another thread can have done it. */
export interface FoldedBatch {
  readonly documents: readonly PackedDocument[];
  /** So many were read for it. */
  readonly events: number;
  readonly unfoldable: readonly Unfoldable[];
}

/** An event that a projection cannot fold; its document, if there is one, stands still at the event before. */
export interface Unfoldable {
  /** Of the document; the stream where that is of no document. */
  readonly key: string;
  readonly event: Pick<ToldEvent, 'stream' | 'revision' | 'id' | 'type'>;
  /** Revision of the stream's last event. */
  readonly last: number;
  readonly error: string;
}

/** Folds every document of a projection, each once, from the log up to and with `until`. */
export type Folding = <Fold>(projection: Projection<Fold>, until: FeedPosition) => AsyncIterable<FoldedBatch>;

export const foldingHere =
  (wholeStreams: WholeStreams): Folding =>
  (projection, until) =>
    foldedStreams(projection, wholeStreams, until);

/** Folds whole streams, each into its document. */
export async function* foldedStreams<Fold>(
  projection: Projection<Fold>,
  wholeStreams: WholeStreams,
  until: FeedPosition,
  share?: Share,
): AsyncGenerator<FoldedBatch, void> {
  const pack = packerOf(projection.collection);
  for await (const streams of wholeStreams.read(projection, until, share)) {
    const documents: PackedDocument[] = [];
    const unfoldable: Unfoldable[] = [];
    let events = 0;
    for (const stream of streams) {
      const { document, problem } = folded(projection, stream, pack);
      if (document) documents.push(document);
      if (problem) unfoldable.push(problem);
      events += stream.length;
    }
    yield { documents, events, unfoldable };
  }
}

interface Folded {
  readonly document?: PackedDocument;
  readonly problem?: Unfoldable;
}

/** As far as it can be folded. */
const folded = <Fold>(
  projection: Projection<Fold>,
  stream: WholeStream,
  pack: (stored: StoredDocument) => PackedDocument,
): Folded => {
  let key = stream[0].stream;
  let fold: Fold | undefined;
  let done = 0;
  let problem: Unfoldable | undefined;
  const failed = (index: number, error: unknown): Unfoldable => problemAt(stream, index, key, error);
  try {
    key = projection.idOf(key);
    for (; done < stream.length; done += 1) fold = projection.fold(fold, stream[done] ?? stream[0], key);
  } catch (error) {
    problem = failed(done, error);
  }
  if (fold === undefined) return { ...(problem && { problem }) };
  try {
    const stored = { id: key, revision: guardOf(projection.version, done - 1), document: projection.document(fold) };
    return { document: pack(stored), ...(problem && { problem }) };
  } catch (error) {
    return { problem: problem ?? failed(done - 1, error) };
  }
};

const problemAt = (stream: WholeStream, index: number, key: string, error: unknown): Unfoldable => {
  const { stream: name, revision, id, type } = stream[index] ?? stream[0];
  return { key, event: { stream: name, revision, id, type }, last: stream.length - 1, error: whyOf(error) };
};
