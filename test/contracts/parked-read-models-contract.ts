import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { DataFolder } from '../../src/adapters/embedded/data-folder.js';
import { systemCause } from '../../src/application/audit/cause.js';
import { ParkedKeys } from '../../src/application/parking/parked-keys.js';
import { ResumeParkedKey, type Resumable } from '../../src/application/parking/resume-parked-key.js';
import { paymentCollection } from '../../src/application/payments/payment-collection.js';
import { documentOf } from '../../src/application/payments/payment-document.js';
import { foldEvents } from '../../src/application/payments/payment-fold.js';
import { paymentStreamPrefix, streamOf } from '../../src/application/payments/payment-identity.js';
import { paymentProjection } from '../../src/application/payments/payment-projection.js';
import type { Documents } from '../../src/application/ports/documents.js';
import { StoreUnavailable, type StoredEvent } from '../../src/application/ports/event-log.js';
import { guardOf } from '../../src/application/projections/document-guard.js';
import { foldAgain } from '../../src/application/projections/fold-again.js';
import { foldingHere } from '../../src/application/projections/folded-streams.js';
import { Projector } from '../../src/application/projections/projector.js';
import { rebuild } from '../../src/application/projections/rebuild.js';
import { durations } from '../../src/domain/payments/durations.js';
import type { PaymentId } from '../../src/domain/payments/identity.js';
import { record, recordsIn, ToldClock } from '../application/payments/lives-on-record.js';
import type { Step } from '../domain/payments/payment-story.js';
import { atStage, charged, observed, observedRefund, refundStatus } from '../domain/payments/wishes-and-reports.js';
import { MemoryJournal } from '../service/memory-journal.js';

export interface ReadModelStores {
  readonly documents: Documents;
  readonly records: Documents;
}

const fixed = { ...paymentProjection(durations), version: 1 };

/** A mistake of ours, made on purpose: settlements cannot be folded. */
const brokenUntil = (isMended: () => boolean): typeof fixed => ({
  ...fixed,
  fold: (before, event, id) => {
    if (event.type === 'PaymentSettled' && !isMended()) throw new Error('Settlements are too much for this version');
    return fixed.fold(before, event, id);
  },
});
const broken = brokenUntil(() => false);

const pending = charged('pending', 'gopay');
const settles: readonly Step[] = [atStage('settlement', 'gopay')];
const refunded = (...keys: readonly string[]): readonly Step[] => [
  observed(refundStatus('partial_refund', keys.map((key) => observedRefund(key, 1_000)))),
]; // prettier-ignore

const operatorsCause = {
  ...systemCause('test', 'correlation-1'),
  actor: { kind: 'user', id: 'ayu', roles: ['operator'], address: '203.0.113.7' },
  requestId: 'request-1',
} as const;

/** What a poison event does to a read model, and how it is got over, whatever the documents and records are kept in. */
export const parkedReadModelsContract = (
  name: string,
  openLog: () => DataFolder,
  open: () => Promise<ReadModelStores>,
): void =>
  describe(`a payment whose event cannot be folded, with ${name}`, () => {
    const opened = async () => {
      const log = openLog();
      const { documents, records } = await open();
      const journal = new MemoryJournal();
      const clock = new ToldClock();
      const lives = recordsIn(log);
      const parkedKeys = () => new ParkedKeys(records, clock, journal);
      /** Of a process of its own, which remembers nothing of the others. */
      const projectorOf = (projection = fixed, kept = parkedKeys()) =>
        new Projector(projection, documents, log.eventLog, kept);
      const resumeWith = (...resumables: readonly Resumable[]) =>
        new ResumeParkedKey(parkedKeys(), resumables, clock, journal);
      const refold = (projection = fixed) => foldAgain(projection, documents, log.eventLog);
      const feed = async (): Promise<readonly StoredEvent[]> =>
        (await log.eventFeed.readAfter('start', { streamPrefixes: [paymentStreamPrefix] })).events;
      const live = async (order: string, steps: readonly Step[]): Promise<PaymentId> => record(lives, order, steps);
      const revisionOf = async (id: PaymentId): Promise<number | undefined> => {
        const stored = await documents.get(paymentCollection, id);
        return stored && stored.revision - guardOf(fixed.version, 0);
      };
      /** Whether the document says what the log says. */
      const isWhole = async (id: PaymentId): Promise<void> => {
        const events = await log.eventLog.read(streamOf(id));
        const fold = foldEvents(id, events);
        const document: unknown = fold && JSON.parse(JSON.stringify(documentOf(fold, durations)));
        const revision = guardOf(fixed.version, events.length - 1);
        expect(await documents.get(paymentCollection, id)).toEqual({ id, revision, document });
      };
      const parked = () =>
        journal.entries.filter(({ level }) => level === 'alarm').map(({ fields }) => String(fields['parked_key_id']));
      const recordOf = async (id = parked()[0] ?? '') => (await parkedKeys().find(id))?.parked;
      const order = () => `order-${randomUUID().slice(0, 8)}`;
      return {
        log, documents, records, parkedKeys, projectorOf, resumeWith, refold, feed, live, revisionOf, isWhole, parked, recordOf, order,
      }; // prettier-ignore
    };

    it('stands still, durably and visibly, while all others go on; its later events wait', async () => {
      const { projectorOf, feed, live, revisionOf, isWhole, parked, recordOf, order } = await opened();
      const [sick, well] = [order(), order()];
      const [id, other] = [await live(sick, [...pending, ...settles, ...refunded('r-1')]), await live(well, pending)];
      await projectorOf(broken).handle(await feed());
      expect(await revisionOf(id)).toBe(1);
      await isWhole(other);
      expect(await recordOf()).toMatchObject({
        follower: `projection:payments:${fixed.version}`,
        key: id,
        event: { stream: streamOf(id), revision: 2, type: 'PaymentSettled' },
        status: 'parked',
        error: 'Settlements are too much for this version',
        tries: 1,
        waiting_revision: 3,
      });
      expect(parked()).toHaveLength(1);
    });

    it('is told of once, though its process dies between the record and the checkpoint', async () => {
      const { projectorOf, feed, live, revisionOf, isWhole, parked, order } = await opened();
      const id = await live(order(), [...pending, ...settles, ...refunded('r-1')]);
      await projectorOf(broken).handle(await feed());
      // Nothing of it reached a checkpoint: the next process gets all of it again, in other batches.
      const next = projectorOf(broken);
      for (const event of await feed()) await next.handle([event]);
      expect([await revisionOf(id), parked().length]).toEqual([1, 1]);
      await live(order(), pending);
      const other = await live(order(), pending);
      await next.handle(await feed());
      await isWhole(other);
      expect(parked()).toHaveLength(1);
    });

    it('waits also in a process that has come to its partition after it was parked', async () => {
      const { projectorOf, feed, live, revisionOf, recordOf, order } = await opened();
      const sick = order();
      const id = await live(sick, [...pending, ...settles]);
      await projectorOf(broken).handle(await feed());
      const done = (await feed()).length;
      await live(sick, refunded('r-1'));
      await live(sick, refunded('r-1', 'r-2'));
      // Mended or not: what is parked waits for a person.
      await projectorOf(fixed).handle((await feed()).slice(done));
      expect([await revisionOf(id), (await recordOf())?.waiting_revision]).toEqual([1, 4]);
    });

    it('is folded anew by any process when it is resumed, and then followed on by those that had it parked', async () => {
      const { projectorOf, resumeWith, refold, feed, live, isWhole, parked, recordOf, order } = await opened();
      const sick = order();
      const id = await live(sick, [...pending, ...settles, ...refunded('r-1')]);
      let isMended = false;
      const first = projectorOf(brokenUntil(() => isMended));
      await first.handle(await feed());
      const [parkedId = ''] = parked();
      const result = await resumeWith(refold()).execute(parkedId, 'mended in 1.0.1', operatorsCause);
      expect(result).toEqual({ type: 'resumed', parked: await recordOf() });
      await isWhole(id);
      expect(await recordOf()).toMatchObject({
        status: 'resumed',
        tries: 1,
        waiting_revision: null,
        resumptions: [
          {
            by: { kind: 'user', id: 'ayu', roles: ['operator'] },
            reason: 'mended in 1.0.1',
            request_id: 'request-1',
            outcome: 'resumed',
          },
        ],
      });
      const done = (await feed()).length;
      await live(sick, refunded('r-1', 'r-2'));
      const later = (await feed()).slice(done);
      // It is mended too by now, but its memory is of before.
      isMended = true;
      await first.handle(later);
      await isWhole(id);
      expect(parked()).toHaveLength(1);
    });

    it('stays parked when it fails again, with the number of tries and who tried', async () => {
      const { projectorOf, resumeWith, refold, feed, live, revisionOf, parked, recordOf, order } = await opened();
      const id = await live(order(), [...pending, ...settles]);
      await projectorOf(broken).handle(await feed());
      const [parkedId = ''] = parked();
      const resume = resumeWith(refold(broken));
      for (const tries of [2, 3]) {
        expect(await resume.execute(parkedId, null, operatorsCause)).toEqual({
          type: 'still_parked',
          parked: await recordOf(),
        });
        expect(await recordOf()).toMatchObject({ status: 'parked', tries });
      }
      expect((await recordOf())?.resumptions.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
      expect([await revisionOf(id), parked().length]).toEqual([1, 1]);
    });

    it('is resumed once: afterwards there is nothing to resume, and what nobody parked is unknown', async () => {
      const { projectorOf, resumeWith, refold, feed, live, isWhole, parked, recordOf, order } = await opened();
      const id = await live(order(), [...pending, ...settles]);
      await projectorOf(broken).handle(await feed());
      const [parkedId = ''] = parked();
      const tries = await Promise.all(
        [1, 2, 3, 4].map(() => resumeWith(refold()).execute(parkedId, null, operatorsCause)),
      );
      expect(tries.map(({ type }) => type).toSorted()).toEqual(['not_parked', 'not_parked', 'not_parked', 'resumed']);
      expect((await recordOf())?.resumptions).toHaveLength(1);
      await isWhole(id);
      expect(await resumeWith(refold()).execute(randomUUID(), null, operatorsCause)).toEqual({ type: 'unknown' });
    });

    it('overlooks no event that comes while it is being resumed', async () => {
      const { projectorOf, resumeWith, refold, feed, live, isWhole, parked, recordOf, order } = await opened();
      const sick = order();
      const id = await live(sick, [...pending, ...settles]);
      const worker = projectorOf(broken);
      await worker.handle(await feed());
      const done = (await feed()).length;
      let rounds = 0;
      /** Between the fold and the record of it, one more event comes and is told to wait. */
      const interrupted: Resumable = {
        ...refold(),
        async again(event) {
          const failure = await refold().again(event);
          rounds += 1;
          if (rounds === 1) {
            await live(sick, refunded('r-1'));
            await worker.handle((await feed()).slice(done));
          }
          return failure;
        },
      };
      const [parkedId = ''] = parked();
      expect((await resumeWith(interrupted).execute(parkedId, null, operatorsCause)).type).toBe('resumed');
      expect([rounds, (await recordOf())?.status]).toEqual([2, 'resumed']);
      await isWhole(id);
    });

    for (const [how, foldingOf] of [
      ['in the order of the log', () => undefined],
      ['stream by stream', foldingHere],
    ] as const)
      it(`is tried again by a rebuild ${how}, which parks it only if it fails again`, async () => {
        const { log, documents, parkedKeys, projectorOf, feed, live, revisionOf, isWhole, parked, recordOf, order } = await opened();
        const id = await live(order(), [...pending, ...settles, ...refunded('r-1')]);
        await projectorOf(broken).handle(await feed());
        const folding = foldingOf(log.wholeStreams);
        const checkpoints = log.projectionCheckpoints;
        const parts = { ...log, documents, checkpoints, parkedKeys: parkedKeys(), ...(folding && { folding }) };
        await rebuild(broken, parts);
        expect(await recordOf()).toMatchObject({ status: 'parked', event: { revision: 2 }, waiting_revision: 3 });
        expect([await revisionOf(id), parked().length]).toEqual([1, 2]);
        await rebuild(fixed, parts);
        await isWhole(id);
        expect((await recordOf())?.status).toBe('resumed');
      }); // prettier-ignore

    it('is tried again by a new version, which forgets what an earlier one has parked', async () => {
      const { projectorOf, feed, live, parked, recordOf, revisionOf, order } = await opened();
      const id = await live(order(), [...pending, ...settles, ...refunded('r-1')]);
      await projectorOf(broken).handle(await feed());
      const next = { ...fixed, version: fixed.version + 1 };
      await projectorOf(next).handle(await feed());
      expect([(await recordOf())?.status, parked().length]).toEqual(['resumed', 1]);
      expect(await revisionOf(id)).toBe(guardOf(next.version, 3) - guardOf(fixed.version, 0));
    });

    it('is parked also when it can be folded but not shown, and when its stream has no name that is known', async () => {
      const { projectorOf, resumeWith, refold, feed, live, revisionOf, isWhole, parked, recordOf, order } = await opened();
      const [sick, nameless, well] = [order(), order(), order()];
      const ids = [await live(sick, [...pending, ...settles]), await live(nameless, pending), await live(well, pending)];
      const [id, unnamed, other] = ids as [PaymentId, PaymentId, PaymentId];
      const strange: typeof fixed = {
        ...fixed,
        idOf: (stream) => {
          if (stream === streamOf(unnamed)) throw new Error('Whose stream is this?');
          return fixed.idOf(stream);
        },
        document: (fold) => {
          // Only as long as nothing is refunded: what comes later must wait all the same.
          if (fold.id === id && fold.state.refunds.length === 0) throw new Error('This cannot be shown');
          return fixed.document(fold);
        },
      };
      const worker = projectorOf(strange);
      await worker.handle(await feed());
      await isWhole(other);
      expect([await revisionOf(id), await revisionOf(unnamed)]).toEqual([undefined, undefined]);
      const [first = '', second = ''] = parked();
      expect(await recordOf(first)).toMatchObject({ key: streamOf(unnamed), error: 'Whose stream is this?', event: { revision: 0 } }); // prettier-ignore
      expect(await recordOf(second)).toMatchObject({ key: id, error: 'This cannot be shown', event: { revision: 2 } });

      const done = (await feed()).length;
      await live(sick, refunded('r-1'));
      await worker.handle((await feed()).slice(done));
      expect([(await recordOf(second))?.waiting_revision, await revisionOf(id)]).toEqual([3, undefined]);
      for (const parkedId of parked())
        expect((await resumeWith(refold()).execute(parkedId, null, operatorsCause)).type).toBe('resumed');
      await isWhole(id);
      await isWhole(unnamed);
    }); // prettier-ignore

    it('is not passed by while it cannot be put on record', async () => {
      const { records, projectorOf, feed, live, revisionOf, isWhole, parked, parkedKeys, order } = await opened();
      const [id, other] = [await live(order(), [...pending, ...settles]), await live(order(), pending)];
      const cutOff: Documents = {
        ...methodsOf(records),
        insertIfAbsent: () => Promise.reject(new StoreUnavailable('The records are cut off')),
      };
      const worker = projectorOf(broken, new ParkedKeys(cutOff, new ToldClock(), new MemoryJournal()));
      await expect(worker.handle(await feed())).rejects.toThrow(StoreUnavailable);
      await projectorOf(broken, parkedKeys()).handle(await feed());
      expect([await revisionOf(id), parked().length]).toEqual([1, 1]);
      await isWhole(other);
    });
  });

/** Of a class, so that spreading finds them. */
const methodsOf = (documents: Documents): Documents => ({
  get: (...args) => documents.get(...args),
  getMany: (...args) => documents.getMany(...args),
  find: (...args) => documents.find(...args),
  write: (...args) => documents.write(...args),
  insertIfAbsent: (...args) => documents.insertIfAbsent(...args),
  replace: (...args) => documents.replace(...args),
  clear: (...args) => documents.clear(...args),
  replaceAll: (...args) => documents.replaceAll(...args),
});
