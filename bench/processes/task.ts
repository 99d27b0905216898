import { once } from 'node:events';

/**
 * The part of a measurement that has a process to itself, so that nothing else warms its caches or fills its memory. The task
 * comes in as a message, and its result goes out as one (alone.ts).
 */
export const answerTask = async (carryOut: (task: never) => Promise<unknown>): Promise<void> => {
  if (!process.connected) throw new Error('Started by hand: the benchmarks start this script themselves');
  // Ended with whoever waits for it.
  process.once('disconnect', () => process.exit());
  // Whoever starts a script gives it the task that it is made for.
  const [task] = (await once(process, 'message')) as [never];
  const result = await carryOut(task);
  await new Promise<void>((resolve, reject) => {
    process.send?.(result ?? null, (error: Error | null) => (error ? reject(error) : resolve()));
  });
  process.disconnect();
};
