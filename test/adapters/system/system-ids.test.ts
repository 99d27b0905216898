import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '../../../src/adapters/system/system-ids.js';

const many = (ids: SystemIds, count: number): readonly string[] => Array.from({ length: count }, () => ids.next());

describe('fresh ids', () => {
  it('are UUIDs of version 7 that tell their time', () => {
    const before = Date.now();
    const id = new SystemIds().next();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const ms = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms).toBeLessThanOrEqual(Date.now());
  });

  it('are all different and sort as they were made, a hundred thousand in a row', () => {
    const made = many(new SystemIds(), 100_000);
    expect([...new Set(made)].sort()).toEqual(made);
  });

  it('sort as they were made within one millisecond', () => {
    const made = many(new SystemIds(() => 1_700_000_000_000), 20_000);
    expect([...new Set(made)].sort()).toEqual(made);
    expect(made[0]?.slice(0, 13)).toBe(made.at(-1)?.slice(0, 13));
  });

  it('sort as they were made when the clock is set back', () => {
    const times = [5_000, 5_001, 4_000, 4_001, 5_002];
    const ids = new SystemIds(() => times.shift() ?? 6_000);
    const made = many(ids, 6);
    expect([...made].sort()).toEqual(made);
  });

  it('differ between processes that make them at the same time', () => {
    const [one, other] = [new SystemIds(() => 5_000), new SystemIds(() => 5_000)];
    expect(new Set([...many(one, 1_000), ...many(other, 1_000)]).size).toBe(2_000);
  });
});
