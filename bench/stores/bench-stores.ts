/** Where a service keeps what it writes. */
export interface Place {
  readonly dataDir: string;
  /** null: all of it under `dataDir`. */
  readonly servers: Servers | null;
}

export interface Servers {
  readonly eventStoreUrl: string;
  readonly streamPrefix: string;
  readonly mongoUri: string;
  readonly database: string;
}

/** What the service keeps its data in during a run, and the same work done without us, which is as fast as it can be there. */
export interface BenchStores {
  /** The servers, as they told who they are; null: the service does it all in its own process. */
  readonly servers: string | null;
  /** In the log that is replayed, when nobody says otherwise. */
  readonly events: number;
  /** Where nobody has kept anything so far. */
  readonly fresh: (name: string) => Place;
  readonly raw: Readonly<Record<'appends' | 'feed' | 'documents', RawTask>>;
  /** Takes away what the run has written, as far as that can be done. */
  readonly close: () => Promise<void>;
}

export interface RawTask {
  /** From `bench/`, as `.js`; takes what our own task for the same work takes. */
  readonly script: string;
  readonly what: string;
}

/** The variables by which a service, or a server that it is compared with, finds a place. */
export const variablesOf = ({ dataDir, servers }: Place): Readonly<Record<string, string>> =>
  servers === null
    ? { DATA_DIR: dataDir }
    : {
        DATA_DIR: dataDir,
        EVENTSTORE_URL: servers.eventStoreUrl,
        EVENTSTORE_STREAM_PREFIX: servers.streamPrefix,
        MONGODB_URI: servers.mongoUri,
        MONGODB_DB: servers.database,
      };

/** @throws Error where a place is none on servers */
export const serversOf = ({ servers }: Place): Servers => {
  if (servers === null) throw new Error('This task is for servers');
  return servers;
};
