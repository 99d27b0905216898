import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { variablesOf, type Place } from '../stores/bench-stores.js';
import { freePort, startServer, type RunningServer } from './server.js';

/** What the service and whoever calls it must both know. Of no use anywhere else. */
export const benchSecrets = {
  JWT_SECRET: 'a secret of benchmarks, with enough letters',
  WEBHOOK_SECRET: 'a secret of benchmarks, with enough letters',
  ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  MIDTRANS_SERVER_KEY: 'SB-Mid-server-benchmark',
  MIDTRANS_CLIENT_KEY: 'SB-Mid-client-benchmark',
} as const;

export const startSimulator = async (folder: string): Promise<RunningServer> => {
  const port = await freePort();
  const dataDir = join(folder, 'simulator');
  mkdirSync(dataDir, { recursive: true });
  const { MIDTRANS_SERVER_KEY, MIDTRANS_CLIENT_KEY } = benchSecrets;
  return startServer({
    script: '../simulator/main.js',
    port,
    variables: { SIMULATOR_PORT: String(port), DATA_DIR: dataDir, MIDTRANS_SERVER_KEY, MIDTRANS_CLIENT_KEY },
    readyPath: '/_simulator/transactions',
  });
};

export interface ServiceOptions {
  readonly place: Place;
  readonly role: 'all' | 'api';
  /** null: nobody calls Midtrans in this measurement. */
  readonly simulator: RunningServer | null;
}

/** The service as `npm start` runs it, log lines included. */
export const startService = async ({ place, role, simulator }: ServiceOptions): Promise<RunningServer> => {
  const port = await freePort();
  return startServer({
    script: '../src/infrastructure/main.js',
    port,
    variables: {
      ...benchSecrets,
      ...variablesOf(place),
      PORT: String(port),
      // One role alone on the embedded stores is for measurements and tests only.
      ENVIRONMENT: 'test',
      ROLE: role,
      MIDTRANS_ENVIRONMENT: 'mock',
      MIDTRANS_MOCK_URL: simulator?.url ?? 'http://127.0.0.1:9',
    },
    readyPath: simulator ? '/readyz' : '/healthz',
  });
};
