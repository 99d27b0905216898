import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { IdempotencyAnswers } from '../../src/application/ports/idempotency-answers.js';
import { after } from '../../src/domain/time/instant.js';
import { upTo } from './some-events.js';

const noon = '2026-11-23T12:00:00.000Z';
const staleAfterMs = 60_000;
const answer = { status: 201, payment: 'p', revision: 3, amounts: [9_007_199_254_740_991], nested: { none: null } };

/** Every promise of IdempotencyAnswers. `open` may answer the same store each time: keys are fresh in each test. */
export const idempotencyAnswersContract = (name: string, open: () => Promise<IdempotencyAnswers>): void =>
  describe(`${name} keeps answers for repeated requests`, () => {
    const opened = async () => {
      const answers = await open();
      const key = `user /payments ${randomUUID()}`;
      const claim = (owner: string, { at = noon, fingerprint = 'body' } = {}) =>
        answers.claim({ key, fingerprint, owner, at }, staleAfterMs);
      return {
        answers,
        key,
        claim,
        keep: (owner: string, kept = answer) => answers.keep(key, owner, kept),
        release: (owner: string) => answers.release(key, owner),
        forget: (owner: string) => answers.forget(key, owner),
      };
    };

    it('lets the first request go ahead and the next ones wait for it', async () => {
      const { claim } = await opened();
      expect(await claim('a')).toEqual({ type: 'claimed' });
      expect(await claim('b')).toEqual({ type: 'in_progress' });
    });

    it('lets the first request go ahead also when it claims again, having missed the answer', async () => {
      const { claim, keep } = await opened();
      await claim('a');
      expect(await claim('a')).toEqual({ type: 'claimed' });
      expect(await claim('a', { fingerprint: 'another body' })).toEqual({ type: 'reused' });
      await keep('a');
      expect(await claim('a')).toEqual({ type: 'answered', answer, owner: 'a' });
    });

    it('lets exactly one of forty at once go ahead', async () => {
      const { claim } = await opened();
      const results = (await Promise.all(upTo(40).map((n) => claim(`request-${n}`)))).map(({ type }) => type);
      expect(results.toSorted()).toEqual(['claimed', ...upTo(39).map(() => 'in_progress')]);
    });

    it('answers the same again, exactly, for ever', async () => {
      const { claim, keep } = await opened();
      await claim('a');
      expect(await keep('a')).toBe('kept');
      expect(await claim('b')).toEqual({ type: 'answered', answer, owner: 'a' });
      expect(await claim('c', { at: '2046-01-01T00:00:00.000Z' })).toEqual({ type: 'answered', answer, owner: 'a' });
    });

    it('sees that the key was used for something else, answered or not', async () => {
      const { claim, keep } = await opened();
      await claim('a');
      expect(await claim('b', { fingerprint: 'another body' })).toEqual({ type: 'reused' });
      await keep('a');
      expect(await claim('c', { fingerprint: 'another body' })).toEqual({ type: 'reused' });
    });

    it('is free again after release, for any body', async () => {
      const { claim, release } = await opened();
      await claim('a');
      await release('a');
      expect(await claim('b', { fingerprint: 'another body' })).toEqual({ type: 'claimed' });
    });

    it('is not released by another, nor once it is answered', async () => {
      const { claim, keep, release } = await opened();
      await claim('a');
      await release('b');
      expect(await claim('c')).toEqual({ type: 'in_progress' });
      await keep('a');
      await release('a');
      expect(await claim('d')).toEqual({ type: 'answered', answer, owner: 'a' });
    });

    it('is taken over when its owner must be dead, by one only', async () => {
      const { claim } = await opened();
      await claim('a');
      expect(await claim('b', { at: after(noon, staleAfterMs - 1) })).toEqual({ type: 'in_progress' });
      const late = upTo(20).map((n) => claim(`late-${n}`, { at: after(noon, staleAfterMs) }));
      const results = (await Promise.all(late)).map(({ type }) => type);
      expect(results.toSorted()).toEqual(['claimed', ...upTo(19).map(() => 'in_progress')]);
    });

    it('keeps nothing from who was taken over, whenever it comes', async () => {
      const { claim, keep, release } = await opened();
      await claim('a');
      await claim('b', { at: after(noon, staleAfterMs) });
      expect(await keep('a', { ...answer, status: 500 })).toBe('lost');
      await release('a');
      expect(await keep('b')).toBe('kept');
      expect(await keep('a', { ...answer, status: 500 })).toBe('lost');
      expect(await claim('c')).toEqual({ type: 'answered', answer, owner: 'b' });
    });

    it('keeps nothing from who never claimed or has released', async () => {
      const { claim, keep, release } = await opened();
      expect(await keep('a')).toBe('lost');
      await claim('a');
      await release('a');
      expect(await keep('a')).toBe('lost');
      expect(await claim('b')).toEqual({ type: 'claimed' });
    });

    it('is free again when its answer is forgotten, unless somebody has claimed or answered it since', async () => {
      const { claim, keep, forget } = await opened();
      await claim('a');
      await forget('a');
      expect(await claim('b')).toEqual({ type: 'in_progress' });
      await keep('a');
      await forget('b');
      expect(await claim('c')).toMatchObject({ type: 'answered' });
      await forget('a');
      expect(await claim('d', { fingerprint: 'another body' })).toEqual({ type: 'claimed' });
      await forget('a');
      expect(await keep('d')).toBe('kept');
      await forget('a');
      expect(await claim('e', { fingerprint: 'another body' })).toEqual({ type: 'answered', answer, owner: 'd' });
    });

    it('keeps keys apart', async () => {
      const { answers, key, claim, keep } = await opened();
      await claim('a');
      await keep('a');
      const other = await answers.claim({ key: `${key}2`, fingerprint: 'body', owner: 'b', at: noon }, staleAfterMs);
      expect(other).toEqual({ type: 'claimed' });
    });
  });
