/**
 * The part of a measurement that has a process to itself, so that nothing else warms its caches or fills its memory. The task
 * comes in as JSON and its result goes out as JSON (alone.ts).
 */
export const answerTask = async (carryOut: (task: never) => Promise<unknown>): Promise<void> => {
  // Whoever starts a script gives it the task that it is made for.
  const result = await carryOut(JSON.parse(process.argv[2] ?? 'null') as never);
  await new Promise<void>((resolve, reject) => {
    if (process.send === undefined) throw new Error('Started by hand: the benchmarks start this script themselves');
    process.send(result ?? null, (error: Error | null) => (error ? reject(error) : resolve()));
  });
  process.disconnect();
};
