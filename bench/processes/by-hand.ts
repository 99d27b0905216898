import { variablesOf, type BenchStores } from '../stores/bench-stores.js';
import { freePort, startServer, type RunningServer } from './server.js';
import { benchSecrets } from './service.js';

/** What a person would write by hand instead of the service (baseline-crud), on the same MongoDB; null: there is none in this run. */
export const startByHand = async (stores: BenchStores, simulator: RunningServer): Promise<RunningServer | null> => {
  if (stores.servers === null) return null;
  const port = await freePort();
  return startServer({
    script: 'baseline-crud/main.js',
    port,
    variables: {
      ...benchSecrets,
      ...variablesOf(stores.fresh('by-hand')),
      PORT: String(port),
      MIDTRANS_URL: simulator.url,
    },
    readyPath: '/healthz',
  });
};
