/** Works on all of them in order, so many at once. */
export const atOnce = async <Item, Result>(
  howMany: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  const waiting = items.entries();
  const workOneAfterTheOther = async (): Promise<void> => {
    for (const [n, item] of waiting) results[n] = await work(item);
  };
  await Promise.all(Array.from({ length: howMany }, workOneAfterTheOther));
  return results;
};
