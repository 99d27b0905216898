import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** What the figures were measured on, in one line. */
export const machineLine = (): string => {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${model}), ${gigabytes} GB, ${type()} ${release()}, Node ${process.versions.node}`;
};
