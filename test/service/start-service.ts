import { readConfig, inMemory } from '../../src/infrastructure/config.js';
import { startService, type RunningService } from '../../src/infrastructure/service.js';
import { makeToken } from '../../src/infrastructure/tokens.js';
import type { Variables } from '../../src/infrastructure/variables.js';
import { MemoryJournal } from './memory-journal.js';

export const secret = 'a secret of tests with enough letters';
export const serverKey = 'SB-Mid-server-test';
export const clientKey = 'SB-Mid-client-test';

export interface ServiceUnderTest {
  readonly url: string;
  readonly journal: MemoryJournal;
  readonly service: RunningService;
  close(): Promise<void>;
}

/** The whole service in this process, on the embedded stores in memory unless `DATA_DIR` says otherwise. */
export const serviceFor = async (midtransUrl: string, variables: Variables = {}): Promise<ServiceUnderTest> => {
  const journal = new MemoryJournal();
  const config = readConfig({
    ENVIRONMENT: 'test',
    PORT: '0',
    DATA_DIR: inMemory,
    MIDTRANS_ENVIRONMENT: 'mock',
    MIDTRANS_MOCK_URL: midtransUrl,
    MIDTRANS_SERVER_KEY: serverKey,
    MIDTRANS_CLIENT_KEY: clientKey,
    JWT_SECRET: secret,
    WEBHOOK_SECRET: secret,
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...variables,
  });
  const service = await startService(config, journal);
  return { url: service.url, journal, service, close: () => service.close() };
};

/** An access token as the auth service would give it; good for an hour. */
export const tokenOf = (sub: string, ...roles: readonly string[]): Promise<string> =>
  makeToken({ sub, roles, ttlSeconds: 3_600 }, secret);
