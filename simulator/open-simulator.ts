import { CardTokens } from './cards/card-tokens.js';
import { ThreeDs } from './cards/three-ds.js';
import { SimulatorClock } from './clock/simulator-clock.js';
import { HttpFaults } from './faults/http-faults.js';
import { NotificationFaults } from './faults/notification-faults.js';
import { GopayAccounts } from './gopay-accounts/gopay-accounts.js';
import { IdempotentAnswers } from './http/idempotency.js';
import { Activations } from './methods/activations.js';
import { Delivery } from './notifications/delivery.js';
import { Outbox } from './notifications/outbox.js';
import { Pace } from './notifications/pace.js';
import { allOff } from './switches.js';
import { SnapDesk } from './snap/snap-desk.js';
import { Subscriptions } from './subscriptions/subscriptions.js';
import type { SimulatorOptions } from './simulator-options.js';
import type { SimulatorParts } from './simulator-parts.js';
import { Store } from './store/store.js';
import { Charging } from './transactions/charging.js';
import { MerchantActions } from './transactions/merchant-actions.js';
import { TransactionBook } from './transactions/transaction-book.js';

/** The merchant every simulator serves. */
const merchantId = 'G000000000';

/** Opens the memory and puts the parts together. Throws UnusableDataFile. */
export const openSimulator = (options: SimulatorOptions & { readonly publicUrl: string }): SimulatorParts => {
  const { publicUrl, notificationUrl, random = Math.random } = options;
  const keys = {
    serverKey: options.serverKey ?? 'SB-Mid-server-simulator',
    clientKey: options.clientKey ?? 'SB-Mid-client-simulator',
  };
  const switches = { ...allOff, ...options.switches };
  const merchant = { merchantId, serverKey: keys.serverKey, walletQuirks: switches.walletQuirks };
  const store = options.dataFile === undefined ? Store.inMemory() : Store.open(options.dataFile);
  const clock = new SimulatorClock(store.collection<number>('clock'), reportFailure);
  const delivery = new Delivery(options.notificationTimeoutMs);
  const httpFaults = new HttpFaults(random);
  const notificationFaults = new NotificationFaults(random);
  const outbox = new Outbox(store, clock, delivery, notificationFaults, new Pace(switches, random));
  const idempotentAnswers = new IdempotentAnswers(store, clock);
  const tokens = new CardTokens(store, clock);
  const accounts = new GopayAccounts(store, clock, outbox, merchant, notificationUrl, publicUrl);
  const book = new TransactionBook(store, clock, outbox, merchant, notificationUrl);
  const activations = new Activations(store);
  const charging = new Charging(book, clock, tokens, accounts, activations, publicUrl, switches);
  const snap = new SnapDesk(store, clock, book, charging, publicUrl);
  const subscriptions = new Subscriptions(store, clock, charging, accounts, outbox, merchant, notificationUrl);
  const threeDs = new ThreeDs(book, clock);
  const actions = new MerchantActions(book, clock, merchant, switches);
  return {
    keys,
    merchant,
    publicUrl,
    notificationUrl,
    store,
    clock,
    delivery,
    outbox,
    httpFaults,
    notificationFaults,
    idempotentAnswers,
    tokens,
    accounts,
    activations,
    book,
    charging,
    actions,
    snap,
    subscriptions,
    threeDs,
  };
};

/** Work on the agenda has nobody to answer to. */
const reportFailure = (error: unknown): void => {
  process.stderr.write(`simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
};
