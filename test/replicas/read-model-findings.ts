import { isDeepStrictEqual } from 'node:util';
import { methodProjection } from '../../src/application/methods/method-projection.js';
import { paymentProjection } from '../../src/application/payments/payment-projection.js';
import type { StoredDocument } from '../../src/application/ports/documents.js';
import type { StoredEvent } from '../../src/application/ports/event-log.js';
import { guardOf } from '../../src/application/projections/document-guard.js';
import type { Projection } from '../../src/application/projections/projection.js';
import { followers } from './followers.js';
import { grouped } from './grouped.js';
import type { Findings } from './reckoning.js';
import { shown } from './shown.js';

/** What one stream comes to; a text: why it cannot be folded. */
const foldedAnew = <Fold>(projection: Projection<Fold>, id: string, history: readonly StoredEvent[]) => {
  try {
    const fold = history.reduce<Fold | undefined>((before, event) => projection.fold(before, event, id), undefined);
    const revision = guardOf(projection.version, history.at(-1)?.revision ?? 0);
    return fold === undefined ? 'it has no events' : { id, revision, document: projection.document(fold) };
  } catch (error) {
    return String(error);
  }
};

/** The fields that differ, each with what the log says and what the read model shows. */
const differences = (expected: StoredDocument, found: StoredDocument): readonly string[] => {
  const [ours, theirs] = [
    { revision: expected.revision, ...expected.document },
    { revision: found.revision, ...found.document },
  ];
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((field) => {
    const [one, other]: readonly unknown[] = [ours[field as keyof typeof ours], theirs[field as keyof typeof theirs]];
    if (isDeepStrictEqual(one, other)) return [];
    return [`${field} ${shown(one)} expected, found ${shown(other)}`];
  });
};

const wrongWith = (expected: StoredDocument | string, found: StoredDocument | undefined): readonly string[] => {
  if (typeof expected === 'string') return [`a history that can be folded expected, found ${expected}`];
  return found === undefined ? ['a document expected, found none'] : differences(expected, found);
};

const asFolded = <Fold>(
  name: string,
  projection: Projection<Fold>,
  events: readonly StoredEvent[],
  documents: readonly StoredDocument[],
): readonly string[] => {
  const ours = events.filter(({ stream }) => projection.streamPrefixes.some((prefix) => stream.startsWith(prefix)));
  const histories = grouped(ours, ({ stream }) => projection.idOf(stream));
  const found = new Map(documents.map((document) => [document.id, document]));
  const wrong = [...histories].flatMap(([id, history]) =>
    wrongWith(foldedAnew(projection, id, history), found.get(id)).map((what) => `${name} ${id}: ${what}`),
  );
  const unknown = [...found.keys()].filter((id) => !histories.has(id));
  return [...wrong, ...unknown.map((id) => `${name} ${id}: no document expected, found one`)];
};

const paymentsAsFolded: Findings = ({ events, payments, durations }) =>
  asFolded('payment', paymentProjection(durations), events, payments);

const methodsAsFolded: Findings = ({ events, methods }) => asFolded('method', methodProjection, events, methods);

/** Worked on, and not put aside; unmatched would be an order that nobody knows here. */
const goodVerdicts = ['applied', 'repeated', 'unconfirmed'];

const workedOn: Findings = ({ inbox, records }) => {
  const verdicts = new Map(records.map(({ id, document }) => [id, document['verdict']]));
  return inbox.flatMap(({ eventId, inboxId, orderId }) => {
    const verdict = shown(verdicts.get(eventId) ?? 'no record');
    if (goodVerdicts.includes(verdict)) return [];
    return [`notification ${inboxId} of ${orderId}: worked on expected, found ${verdict}`];
  });
};

/** Where a follower stands that has nothing more to do. */
const atTheEnd: Findings = ({ events, checkpoints, partitions }) =>
  followers.flatMap(({ name, streamPrefixes, partitionOf }) => {
    const ours = events.filter(({ stream }) => streamPrefixes.some((prefix) => stream.startsWith(prefix)));
    const parts = grouped(ours, ({ stream }) => String(partitionOf(stream) % partitions));
    return [...parts].flatMap(([partition, list]) => {
      const [last, saved] = [list.at(-1)?.position ?? '', checkpoints[name]?.[Number(partition)] ?? 'start'];
      if (saved !== 'start' && saved >= last) return [];
      return [`${name}, partition ${partition}: checkpoint ${last} or later expected, found ${saved}`];
    });
  });

const nothingParked: Findings = ({ parked }) =>
  parked.map(({ document }) => `no parked key expected, found ${shown(document)}`);

export const readModelFindings = {
  'the read model of payments is what the log folds to': paymentsAsFolded,
  'the read model of methods is what the log folds to': methodsAsFolded,
  'every notification in the inbox was worked on': workedOn,
  'every follower has come to the end of the log': atTheEnd,
  'no key is parked': nothingParked,
} satisfies Record<string, Findings>;
