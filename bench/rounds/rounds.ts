import { median } from '../report/statistics.js';

type Numbers = Readonly<Record<string, number>>;
/** null: there is nothing of the kind in this run. */
type Measure = (() => Promise<Numbers>) | null;
type Measured<M> = M extends () => Promise<infer Result> ? Result : null;

/** Measured in turn, so that whatever else this machine does disturbs all alike; of each the middle round, number by number. */
export const inRounds = async <Measures extends Readonly<Record<string, Measure>>>(
  rounds: number,
  measures: Measures,
): Promise<{ readonly [Name in keyof Measures]: Measured<Measures[Name]> }> => {
  const results = Object.entries(measures).map(([name, measure]) => ({ name, measure, all: [] as Numbers[] }));
  for (let round = 0; round < rounds; round += 1)
    for (const { measure, all } of results) if (measure !== null) all.push(await measure());
  const middles = results.map(({ name, measure, all }) => [name, measure && middle(all)]);
  return Object.fromEntries(middles) as { [Name in keyof Measures]: Measured<Measures[Name]> };
};

const middle = (all: readonly Numbers[]): Numbers =>
  Object.fromEntries(Object.keys(all[0] ?? {}).map((field) => [field, median(all.map((one) => one[field] ?? Number.NaN))])); // prettier-ignore
