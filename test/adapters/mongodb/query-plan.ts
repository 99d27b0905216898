/** How a MongoDB would carry out a query: what it does in which order does not matter here. */
export interface QueryPlan {
  /** Such as IXSCAN, FETCH, SORT, COLLSCAN. */
  readonly stages: readonly string[];
  readonly indexes: readonly string[];
}

interface Node {
  readonly stage?: string;
  readonly indexName?: string;
}

/** Reads `explain` at its `queryPlanner`: of one server or of the shards of a cluster, of either query engine. */
export const queryPlanOf = (explained: unknown): QueryPlan => {
  const nodes = nodesIn(winningPlansIn(explained));
  return {
    stages: distinct(nodes.map(({ stage }) => stage)),
    indexes: distinct(nodes.map(({ indexName }) => indexName)),
  };
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Rejected plans say nothing of what will happen. */
const winningPlansIn = (value: unknown): readonly unknown[] =>
  isObject(value)
    ? Object.entries(value).flatMap(([name, inner]) => (name === 'winningPlan' ? [inner] : winningPlansIn(inner)))
    : [];

const nodesIn = (value: unknown): readonly Node[] =>
  isObject(value) ? [value, ...Object.values(value).flatMap(nodesIn)] : [];

const distinct = (names: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(names.filter((name) => typeof name === 'string'))].sort();
