/** Who works on something (design D6). No clock of a store or another machine is believed: watchers judge by their own. */
export interface Lease {
  readonly holder: string;
  /** Grows with each takeover, never falls. */
  readonly epoch: number;
  /** Grows with each sign of life of the holder. */
  readonly beat: number;
}

export interface Leases {
  /** Those of `names` that were ever taken, as they stood at one moment or nearly so. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, Lease>>;

  /**
   * Takes the lease if it is still as `seen` (undefined: nobody ever had it). The epoch grows by one, and is greater than `above` (0)
   * as well: records that outlived the leases may name later epochs than these do.
   * undefined: somebody else was faster, or its holder is alive after all. Of many at once exactly one gets it.
   */
  take(name: string, holder: string, seen: Lease | undefined, above?: number): Promise<Lease | undefined>;

  /** A sign of life. undefined: the lease is no longer this holder's at this epoch. */
  beat(name: string, holder: string, epoch: number): Promise<Lease | undefined>;

  /** Gives it up at once (holder becomes empty, epoch stays), so that nobody has to wait. No-op when it is another's. */
  release(name: string, holder: string, epoch: number): Promise<void>;
}
