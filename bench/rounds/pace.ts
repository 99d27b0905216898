/** How long is measured. */
export interface Pace {
  readonly rounds: number;
  /** Of load or appends, in each round, in ms. */
  readonly forMs: number;
  /** Not counted, at the beginning of each round, in ms: the caller's own code is compiled. */
  readonly warmUpMs: number;
  /** Not counted, before the first round, in ms: a server's code is compiled only after thousands of requests. */
  readonly serverWarmUpMs: number;
  /** Orders that exist before they are notified of or read. */
  readonly orders: number;
  /** Payments of a round that are watched until their settlement shows: one after the other, and many at once. */
  readonly watched: { readonly alone: number; readonly together: number };
}

export const usualPace: Pace = {
  rounds: 3,
  forMs: 1_500,
  warmUpMs: 300,
  serverWarmUpMs: 3_000,
  orders: 2_000,
  watched: { alone: 200, together: 640 },
};

/** Shows that everything runs. Its figures say nothing. */
export const quickPace: Pace = {
  rounds: 1,
  forMs: 100,
  warmUpMs: 20,
  serverWarmUpMs: 50,
  orders: 20,
  watched: { alone: 1, together: 4 },
};
