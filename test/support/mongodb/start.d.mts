/** A MongoDB that tests may use. */
export interface TestMongo {
  readonly uri: string;
  readonly kind: 'MONGODB_URI' | 'mongod' | 'mongo-java-server';
  /** Ends a server of our own at once, without letting it say goodbye; leaves one that MONGODB_URI names alone. */
  stop(): Promise<void>;
}

/** The server that MONGODB_URI names, else one of our own. @throws when there is none to be had */
export function startMongo(): Promise<TestMongo>;

/**
 * A server that can be killed: `mongod` from PATH, else mongo-java-server, empty.
 * It ends with this process, however that ends.
 */
export function startOwnMongo(options?: { readonly port?: number }): Promise<TestMongo>;
