import 'reflect-metadata';
import { Container } from 'inversify';
import { ParkedKeys } from '../application/parking/parked-keys.js';
import type { Journal } from '../application/ports/journal.js';
import type { MidtransClient } from '../adapters/midtrans/client.js';
import { bindAdapters } from './adapters.js';
import { startBackground, watchBackground, type Background } from './background.js';
import type { Config } from './config.js';
import { bindUseCases } from './container.js';
import { httpApp } from './http.js';
import { readinessOf } from './readiness.js';
import { openStores, type Stores } from './stores.js';

export interface RunningService {
  /** Where it listens; no slash at the end. */
  readonly url: string;
  /** Everything inside, for tests. */
  readonly container: Container;
  /** No new requests, open ones finish (10 s at most), workers put down what they hold, stores close. */
  close(): Promise<void>;
}

/** @throws StoreRefused, StoreUnavailable; rejects with EADDRINUSE when the port is taken */
export const startService = async (config: Config, journal: Journal): Promise<RunningService> => {
  const stores = await openStores(config);
  const container = new Container();
  const midtrans = bindAdapters(container, config, stores, journal);
  const opened: Opened = { stores, midtrans };
  bindUseCases(container);
  const background =
    config.role === 'api' ? watchBackground(container, stores.shared) : startBackground(container, stores.shared);
  const simulatorUrl = config.midtrans.environment === 'mock' ? config.midtrans.mockUrl : null;
  const { followers } = background;
  const readiness = readinessOf({ ...stores, parkedKeys: container.get(ParkedKeys), followers, simulatorUrl });
  const app = httpApp(container, config, readiness);
  try {
    const url = await app.listen(config.port);
    journal.info(`Listening on ${url}`, { environment: config.environment, midtrans: config.midtrans.environment });
    return { url, container, close: () => stop(app, background, opened) };
  } catch (error) {
    await background.stop();
    await closeAll(opened);
    throw error;
  }
};

/** What has to be put down at the end. */
interface Opened {
  readonly stores: Stores;
  readonly midtrans: MidtransClient;
}

const stop = async (app: { close(): Promise<void> }, background: Background, opened: Opened): Promise<void> => {
  await app.close();
  await orLater(background.stop(), workersFinishWithinMs);
  await closeAll(opened);
};

const workersFinishWithinMs = 3_000;
const callsFinishWithinMs = 1_000;

/** What is not put down in time is left: the next start does it again, or looks what became of it (api.md 1). */
const orLater = (work: Promise<void>, withinMs: number): Promise<void> =>
  Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref())]);

const closeAll = async ({ midtrans, stores }: Opened): Promise<void> => {
  await orLater(midtrans.close(), callsFinishWithinMs);
  await stores.close();
};
