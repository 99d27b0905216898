import type { Container } from 'inversify';
import { IdempotentRequests } from '../application/idempotency/idempotent-requests.js';
import { GroupedAppends } from '../application/notifications/grouped-appends.js';
import { ReceiveNotification } from '../application/notifications/receive-notification.js';
import { PaymentMethods } from '../application/methods/payment-methods.js';
import { ActOnPayment } from '../application/payments/act-on-payment.js';
import { DoubtResolver } from '../application/payments/doubt-resolver.js';
import { FindPayments } from '../application/payments/find-payments.js';
import { GatewayCalls } from '../application/payments/gateway-calls.js';
import { MakePayment } from '../application/payments/make-payment.js';
import { PageOrders } from '../application/payments/page-orders.js';
import { PageTokens } from '../application/payments/page-tokens.js';
import { PaymentHistories } from '../application/payments/payment-histories.js';
import { RefundPayment } from '../application/payments/refund-payment.js';
import { SyncPayment } from '../application/payments/sync-payment.js';
import { Port } from './ports.js';

/** The use cases, wired to whatever adapters were bound to the ports before. One of each per process. */
export const bindUseCases = (container: Container): Container => {
  container
    .bind(PaymentHistories)
    .toResolvedValue(
      (eventLog, personalData, clock, ids, journal, durations) =>
        new PaymentHistories({ eventLog, personalData, clock, ids, journal, durations }),
      [Port.eventLog, Port.personalData, Port.clock, Port.ids, Port.journal, Port.durations],
    )
    .inSingletonScope();
  container
    .bind(PageTokens)
    .toResolvedValue(
      (eventLog, personalData) => new PageTokens(eventLog, personalData),
      [Port.eventLog, Port.personalData],
    )
    .inSingletonScope();
  container
    .bind(PageOrders)
    .toResolvedValue(
      (eventLog, personalData) => new PageOrders(eventLog, personalData),
      [Port.eventLog, Port.personalData],
    )
    .inSingletonScope();
  container
    .bind(GatewayCalls)
    .toResolvedValue(
      (histories, gateway, tokens) => new GatewayCalls(histories, gateway, tokens),
      [PaymentHistories, Port.paymentGateway, PageTokens],
    )
    .inSingletonScope();
  container
    .bind(PaymentMethods)
    .toResolvedValue(
      (eventLog, personalData, clock, ids) => new PaymentMethods(eventLog, personalData, clock, ids),
      [Port.eventLog, Port.personalData, Port.clock, Port.ids],
    )
    .inSingletonScope();
  container
    .bind(MakePayment)
    .toResolvedValue(
      (histories, calls, methods, personalData, journal) =>
        new MakePayment(histories, calls, methods, personalData, journal),
      [PaymentHistories, GatewayCalls, PaymentMethods, Port.personalData, Port.journal],
    )
    .inSingletonScope();
  container
    .bind(ActOnPayment)
    .toResolvedValue((histories, calls) => new ActOnPayment(histories, calls), [PaymentHistories, GatewayCalls])
    .inSingletonScope();
  container
    .bind(RefundPayment)
    .toResolvedValue((histories, calls) => new RefundPayment(histories, calls), [PaymentHistories, GatewayCalls])
    .inSingletonScope();
  container
    .bind(SyncPayment)
    .toResolvedValue((histories, calls) => new SyncPayment(histories, calls), [PaymentHistories, GatewayCalls])
    .inSingletonScope();
  container
    .bind(FindPayments)
    .toResolvedValue(
      (documents, eventLog, clock, durations) => new FindPayments(documents, eventLog, clock, durations),
      [Port.documents, Port.eventLog, Port.clock, Port.durations],
    )
    .inSingletonScope();
  container
    .bind(GroupedAppends)
    .toResolvedValue((eventLog) => new GroupedAppends(eventLog), [Port.eventLog])
    .inSingletonScope();
  container
    .bind(ReceiveNotification)
    .toResolvedValue(
      (reader, appends, records, personalData, clock, ids, journal) =>
        new ReceiveNotification(reader, appends, records, personalData, clock, ids, journal),
      [Port.notificationReader, GroupedAppends, Port.records, Port.personalData, Port.clock, Port.ids, Port.journal],
    )
    .inSingletonScope();
  container
    .bind(IdempotentRequests)
    .toResolvedValue(
      (answers, personalData, clock, ids) => new IdempotentRequests(answers, personalData, clock, ids),
      [Port.idempotencyAnswers, Port.personalData, Port.clock, Port.ids],
    )
    .inSingletonScope();
  container
    .bind(DoubtResolver)
    .toResolvedValue(
      (histories, calls, pageOrders, documents, clock, ids, journal, durations) =>
        new DoubtResolver({ histories, calls, pageOrders, documents, clock, ids, journal, durations }),
      [PaymentHistories, GatewayCalls, PageOrders, Port.documents, Port.clock, Port.ids, Port.journal, Port.durations],
    )
    .inSingletonScope();
  return container;
};
