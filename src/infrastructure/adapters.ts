import type { Container } from 'inversify';
import { AesPersonalData } from '../adapters/crypto/aes-personal-data.js';
import { MidtransClient, midtransTiming } from '../adapters/midtrans/client.js';
import { midtransHosts } from '../adapters/midtrans/hosts.js';
import { MidtransNotificationReader } from '../adapters/midtrans/notification-reader.js';
import { MidtransPaymentGateway } from '../adapters/midtrans/payment-gateway.js';
import { SystemClock } from '../adapters/system/system-clock.js';
import { SystemIds } from '../adapters/system/system-ids.js';
import { StatusCache } from '../application/payments/status-cache.js';
import type { Journal } from '../application/ports/journal.js';
import type { Config } from './config.js';
import { Port } from './ports.js';
import type { StorePorts } from './stores.js';

/** Adapters to ports, as configured. The client's connections have to be closed when the service stops. */
export const bindAdapters = (
  container: Container,
  config: Config,
  stores: StorePorts,
  journal: Journal,
): MidtransClient => {
  const clock = new SystemClock();
  const midtrans = midtransClient(config);
  const { serverKey, previousServerKey, notificationUrl, directRefunds } = config.midtrans;
  container.bind(Port.clock).toConstantValue(clock);
  container.bind(Port.ids).toConstantValue(new SystemIds());
  container.bind(Port.journal).toConstantValue(journal);
  container.bind(Port.durations).toConstantValue(config.durations);

  container.bind(Port.eventLog).toConstantValue(stores.eventLog);
  container.bind(Port.eventFeed).toConstantValue(stores.eventFeed);
  container.bind(Port.documents).toConstantValue(stores.documents);
  // A store in this process is never behind, and remembers by itself.
  const statusCache = config.mongoDb === null ? undefined : new StatusCache(stores.documents, clock);
  container.bind(Port.paymentReads).toConstantValue(statusCache ?? stores.documents);
  container.bind(Port.logCaches).toConstantValue(statusCache ? [statusCache] : []);
  container.bind(Port.records).toConstantValue(stores.records);
  container.bind(Port.projectionCheckpoints).toConstantValue(stores.projectionCheckpoints);
  container.bind(Port.workerCheckpoints).toConstantValue(stores.workerCheckpoints);
  container.bind(Port.idempotencyAnswers).toConstantValue(stores.idempotencyAnswers);
  container.bind(Port.leases).toConstantValue(stores.leases);
  container.bind(Port.wrappedKeys).toConstantValue(stores.wrappedKeys);
  container
    .bind(Port.personalData)
    .toConstantValue(new AesPersonalData(stores.wrappedKeys, config.encryptionKeys, clock));

  container.bind(Port.notificationReader).toConstantValue(new MidtransNotificationReader(serverKey, previousServerKey));
  container
    .bind(Port.paymentGateway)
    .toConstantValue(new MidtransPaymentGateway(midtrans, { notificationUrl, directRefunds }));
  return midtrans;
};

const midtransClient = ({ midtrans, durations }: Config): MidtransClient =>
  new MidtransClient({
    hosts: midtransHosts(midtrans.environment, midtrans.mockUrl),
    serverKey: midtrans.serverKey,
    // A call with its repeats ends before anybody else may act on its wish (design D3).
    timing: {
      ...midtransTiming,
      deadlineMs: Math.min(midtransTiming.deadlineMs, durations.answerWithinMs * (25 / 30)),
    },
  });
