import type { JsonObject } from '../../domain/json.js';
import type { StoredDocument } from '../ports/documents.js';
import type { StoredEvent } from '../ports/event-log.js';
import { differingFields } from './differing-fields.js';
import { revisionIn, versionIn } from './document-guard.js';
import type { Projection } from './projection.js';

export type Verdict =
  | { readonly type: 'whole' }
  /** Right so far, but without the last events of its stream: its follower may not have come to them yet. */
  | { readonly type: 'behind'; readonly id: string; readonly head: number }
  | { readonly type: 'wrong'; readonly message: string };

/** Holds a stream against its document: revisions without gap, events that can be read and folded, a document that equals a fresh fold. */
export const verdictOn = <Fold>(
  projection: Projection<Fold>,
  stream: string,
  history: readonly StoredEvent[],
  stored: StoredDocument | undefined,
): Verdict => {
  const head = history.length - 1;
  const gap = history.findIndex(({ revision }, n) => revision !== n);
  if (head < 0) return wrong('its events are not there any more');
  if (gap >= 0) return wrong(`revision ${history[gap]?.revision} stands where ${gap} should`);

  const seen = stored === undefined ? -1 : revisionIn(stored.revision);
  const folded = foldedAt(projection, stream, history, seen);
  if (folded.type === 'unfoldable') return wrong(folded.message);
  const problem = stored && problemOf(projection, stored, head, folded.document);
  if (problem !== undefined) return wrong(problem);
  return seen === head ? { type: 'whole' } : { type: 'behind', id: folded.id, head };
};

const wrong = (message: string): Verdict => ({ type: 'wrong', message });

type Folded =
  | { readonly type: 'folded'; readonly id: string; readonly document: JsonObject | undefined }
  | { readonly type: 'unfoldable'; readonly message: string };

/** The document as it should be at `revision`. All events are folded, so that none is overlooked that cannot be. */
const foldedAt = <Fold>(
  projection: Projection<Fold>,
  stream: string,
  history: readonly StoredEvent[],
  revision: number,
): Folded => {
  let next: StoredEvent | undefined;
  try {
    const id = projection.idOf(stream);
    let fold: Fold | undefined;
    let document: JsonObject | undefined;
    for (const event of history) {
      next = event;
      fold = projection.fold(fold, event, id);
      if (event.revision === revision) document = projection.document(fold);
    }
    return { type: 'folded', id, document };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const what = next ? `revision ${next.revision} (${next.type}) cannot be folded: ` : '';
    return { type: 'unfoldable', message: what + why };
  }
};

const problemOf = <Fold>(
  { version }: Projection<Fold>,
  stored: StoredDocument,
  head: number,
  fresh: JsonObject | undefined,
): string | undefined => {
  const [written, seen] = [versionIn(stored.revision), revisionIn(stored.revision)];
  if (written !== version) return `its document is of version ${written} of the read model, which is at ${version}`;
  if (fresh === undefined) return `its document has seen revision ${seen}, while it ends at ${head}`;
  // As a store has it: without what is undefined.
  const fields = differingFields(stored.document, JSON.parse(JSON.stringify(fresh)) as JsonObject);
  return fields.length > 0 ? `its document differs from a fresh fold in ${fields.join(', ')}` : undefined;
};
