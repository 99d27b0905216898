import { describe, expect, it } from '@jest/globals';
import { queryPlanOf } from './query-plan.js';

const scan = (indexName: string) => ({ stage: 'IXSCAN', indexName, keyPattern: { user_id: 1 }, direction: 'forward' });
const explained = (winningPlan: object) => ({
  queryPlanner: { namespace: 'payments.payments', winningPlan, rejectedPlans: [{ stage: 'COLLSCAN' }] },
});

describe('a query plan', () => {
  it('is read from what one server explains, rejected plans aside', () => {
    expect(
      queryPlanOf(explained({ stage: 'LIMIT', inputStage: { stage: 'FETCH', inputStage: scan('of_user') } })),
    ).toEqual({
      stages: ['FETCH', 'IXSCAN', 'LIMIT'],
      indexes: ['of_user'],
    });
  });

  it('is read through merged scans, the newer engine and shards', () => {
    const merged = { stage: 'SORT_MERGE', inputStages: [scan('of_user'), scan('newest')] };
    const newer = {
      isCached: false,
      queryPlan: { stage: 'FETCH', inputStage: merged },
      slotBasedPlan: { stages: '[1] nlj' },
    };
    const sharded = {
      queryPlanner: { winningPlan: { stage: 'SHARD_MERGE', shards: [{ shardName: 'a', winningPlan: newer }] } },
    };
    const plan = { stages: ['FETCH', 'IXSCAN', 'SORT_MERGE'], indexes: ['newest', 'of_user'] };
    expect(queryPlanOf(explained(newer))).toEqual(plan);
    expect(queryPlanOf(sharded)).toEqual({
      ...plan,
      stages: [...plan.stages.slice(0, 2), 'SHARD_MERGE', 'SORT_MERGE'],
    });
  });

  it('does not hide that a whole collection is read', () => {
    expect(queryPlanOf(explained({ stage: 'SORT', inputStage: { stage: 'COLLSCAN' } }))).toEqual({
      stages: ['COLLSCAN', 'SORT'],
      indexes: [],
    });
  });
});
