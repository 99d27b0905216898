import type { CardTokens } from './cards/card-tokens.js';
import type { ThreeDs } from './cards/three-ds.js';
import type { SimulatorClock } from './clock/simulator-clock.js';
import type { HttpFaults } from './faults/http-faults.js';
import type { NotificationFaults } from './faults/notification-faults.js';
import type { GopayAccounts } from './gopay-accounts/gopay-accounts.js';
import type { IdempotentAnswers } from './http/idempotency.js';
import type { Keys } from './http/authentication.js';
import type { Activations } from './methods/activations.js';
import type { Delivery } from './notifications/delivery.js';
import type { Outbox } from './notifications/outbox.js';
import type { SnapDesk } from './snap/snap-desk.js';
import type { Subscriptions } from './subscriptions/subscriptions.js';
import type { Store } from './store/store.js';
import type { Charging } from './transactions/charging.js';
import type { MerchantActions } from './transactions/merchant-actions.js';
import type { Merchant } from './transactions/messages.js';
import type { TransactionBook } from './transactions/transaction-book.js';

/** Everything a simulator consists of, without HTTP. */
export interface SimulatorParts {
  readonly keys: Keys;
  readonly merchant: Merchant;
  readonly publicUrl: string;
  readonly notificationUrl: string | undefined;
  readonly store: Store;
  readonly clock: SimulatorClock;
  readonly delivery: Delivery;
  readonly outbox: Outbox;
  readonly httpFaults: HttpFaults;
  readonly notificationFaults: NotificationFaults;
  readonly idempotentAnswers: IdempotentAnswers;
  readonly tokens: CardTokens;
  readonly accounts: GopayAccounts;
  readonly activations: Activations;
  readonly book: TransactionBook;
  readonly charging: Charging;
  readonly actions: MerchantActions;
  readonly snap: SnapDesk;
  readonly subscriptions: Subscriptions;
  readonly threeDs: ThreeDs;
}
