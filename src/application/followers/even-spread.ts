/** How many of `partitions` the member at `place` (from 0) of `members` should have: the same for all, or one more for the first. */
export const fairShare = (place: number, members: number, partitions: number): number =>
  Math.floor(partitions / members) + (place < partitions % members ? 1 : 0);
