/** Streams are shorter than this by far, and versions few enough for the product to be exact. */
const revisionsMax = 2 ** 32;

/**
 * What a document of a read model is guarded by: the version (from 1) of the projection that wrote it, then the revision of the last
 * event in it; of the first version it is the bare revision. So what a newer version folds replaces what an older one has left, and
 * never the other way round, while processes of both run.
 */
export const guardOf = (version: number, revision: number): number => (version - 1) * revisionsMax + revision;

export const versionIn = (guard: number): number => Math.floor(guard / revisionsMax) + 1;

export const revisionIn = (guard: number): number => guard % revisionsMax;
