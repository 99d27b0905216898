import type { Container } from 'inversify';
import { LeftWork } from '../application/followers/left-work.js';
import { IdempotentRequests } from '../application/idempotency/idempotent-requests.js';
import { GroupedAppends } from '../application/notifications/grouped-appends.js';
import { notificationAgain } from '../application/notifications/notification-worker.js';
import { OldDayKeys } from '../application/notifications/old-day-keys.js';
import { ReceiveNotification } from '../application/notifications/receive-notification.js';
import { SettleNotifications } from '../application/notifications/settle-notifications.js';
import { methodProjection } from '../application/methods/method-projection.js';
import { PaymentMethods } from '../application/methods/payment-methods.js';
import { ParkedKeys } from '../application/parking/parked-keys.js';
import { ResumeParkedKey } from '../application/parking/resume-parked-key.js';
import { ActionCall } from '../application/payments/action-call.js';
import { ActOnPayment } from '../application/payments/act-on-payment.js';
import { ChargeCall } from '../application/payments/charge-call.js';
import { DoubtAlarms } from '../application/payments/doubt-alarms.js';
import { DoubtResolver } from '../application/payments/doubt-resolver.js';
import { FindPayments } from '../application/payments/find-payments.js';
import { GatewayLooks } from '../application/payments/gateway-looks.js';
import { MakePayment } from '../application/payments/make-payment.js';
import { PageOrders } from '../application/payments/page-orders.js';
import { PageTokens } from '../application/payments/page-tokens.js';
import { PaymentHistories } from '../application/payments/payment-histories.js';
import { paymentProjection } from '../application/payments/payment-projection.js';
import { RefundCall } from '../application/payments/refund-call.js';
import { RefundPayment } from '../application/payments/refund-payment.js';
import { SyncPayment } from '../application/payments/sync-payment.js';
import { TimelyCalls } from '../application/payments/timely-calls.js';
import { ReadablePersonalData } from '../application/personal-data/readable-personal-data.js';
import { foldAgain } from '../application/projections/fold-again.js';
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
    .bind(ReadablePersonalData)
    .toResolvedValue(
      (personalData, journal) => new ReadablePersonalData(personalData, journal),
      [Port.personalData, Port.journal],
    )
    .inSingletonScope();
  container
    .bind(PageTokens)
    .toResolvedValue(
      (eventLog, personalData) => new PageTokens(eventLog, personalData),
      [Port.eventLog, ReadablePersonalData],
    )
    .inSingletonScope();
  container
    .bind(PageOrders)
    .toResolvedValue(
      (eventLog, personalData) => new PageOrders(eventLog, personalData),
      [Port.eventLog, ReadablePersonalData],
    )
    .inSingletonScope();
  container
    .bind(GatewayLooks)
    .toResolvedValue(
      (histories, gateway) => new GatewayLooks(histories, gateway),
      [PaymentHistories, Port.paymentGateway],
    )
    .inSingletonScope();
  container
    .bind(TimelyCalls)
    .toResolvedValue((gateway, clock) => new TimelyCalls(gateway, clock), [Port.paymentGateway, Port.clock])
    .inSingletonScope();
  container
    .bind(ChargeCall)
    .toResolvedValue(
      (histories, calls, looks) => new ChargeCall(histories, calls, looks),
      [PaymentHistories, TimelyCalls, GatewayLooks],
    )
    .inSingletonScope();
  container
    .bind(ActionCall)
    .toResolvedValue(
      (histories, calls, looks, tokens) => new ActionCall(histories, calls, looks, tokens),
      [PaymentHistories, TimelyCalls, GatewayLooks, PageTokens],
    )
    .inSingletonScope();
  container
    .bind(RefundCall)
    .toResolvedValue(
      (histories, calls, looks) => new RefundCall(histories, calls, looks),
      [PaymentHistories, TimelyCalls, GatewayLooks],
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
      (histories, call, methods, personalData, journal) =>
        new MakePayment(histories, call, methods, personalData, journal),
      [PaymentHistories, ChargeCall, PaymentMethods, Port.personalData, Port.journal],
    )
    .inSingletonScope();
  container
    .bind(ActOnPayment)
    .toResolvedValue((histories, call) => new ActOnPayment(histories, call), [PaymentHistories, ActionCall])
    .inSingletonScope();
  container
    .bind(RefundPayment)
    .toResolvedValue((histories, call) => new RefundPayment(histories, call), [PaymentHistories, RefundCall])
    .inSingletonScope();
  container
    .bind(SyncPayment)
    .toResolvedValue((histories, looks) => new SyncPayment(histories, looks), [PaymentHistories, GatewayLooks])
    .inSingletonScope();
  container
    .bind(FindPayments)
    .toResolvedValue(
      (paymentReads, eventLog, clock, durations) => new FindPayments(paymentReads, eventLog, clock, durations),
      [Port.paymentReads, Port.eventLog, Port.clock, Port.durations],
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
    .bind(OldDayKeys)
    .toResolvedValue(
      (wrappedKeys, clock, journal) => new OldDayKeys(wrappedKeys, clock, journal),
      [Port.wrappedKeys, Port.clock, Port.journal],
    )
    .inSingletonScope();
  container
    .bind(SettleNotifications)
    .toResolvedValue(
      (histories, looks, reader, records, personalData, clock, durations) =>
        new SettleNotifications({ histories, looks, reader, records, personalData, clock, durations }),
      [
        PaymentHistories,
        GatewayLooks,
        Port.notificationReader,
        Port.records,
        Port.personalData,
        Port.clock,
        Port.durations,
      ],
    )
    .inSingletonScope();
  container
    .bind(ParkedKeys)
    .toResolvedValue(
      (records, clock, journal) => new ParkedKeys(records, clock, journal),
      [Port.records, Port.clock, Port.journal],
    )
    .inSingletonScope();
  container
    .bind(ResumeParkedKey)
    .toResolvedValue(
      (parkedKeys, settleNotifications, documents, eventLog, clock, journal, durations) =>
        new ResumeParkedKey(
          parkedKeys,
          [
            foldAgain(paymentProjection(durations), documents, eventLog),
            foldAgain(methodProjection, documents, eventLog),
            notificationAgain(settleNotifications, eventLog),
          ],
          clock,
          journal,
        ),
      [ParkedKeys, SettleNotifications, Port.documents, Port.eventLog, Port.clock, Port.journal, Port.durations],
    )
    .inSingletonScope();
  container
    .bind(IdempotentRequests)
    .toResolvedValue(
      (answers, personalData, clock, ids) => new IdempotentRequests(answers, personalData, clock, ids),
      [Port.idempotencyAnswers, Port.personalData, Port.clock, Port.ids],
    )
    .inSingletonScope();
  container.bind(LeftWork).toConstantValue(new LeftWork());
  container
    .bind(DoubtAlarms)
    .toResolvedValue(
      (records, clock, journal, durations) => new DoubtAlarms(records, clock, journal, durations),
      [Port.records, Port.clock, Port.journal, Port.durations],
    )
    .inSingletonScope();
  container
    .bind(DoubtResolver)
    .toResolvedValue(
      (
        histories,
        looks,
        chargeCall,
        actionCall,
        refundCall,
        pageOrders,
        documents,
        doubtAlarms,
        clock,
        ids,
        journal,
        durations,
        leftWork,
      ) =>
        new DoubtResolver({
          histories,
          looks,
          chargeCall,
          actionCall,
          refundCall,
          pageOrders,
          documents,
          doubtAlarms,
          clock,
          ids,
          journal,
          durations,
          leftWork,
        }),
      [
        PaymentHistories,
        GatewayLooks,
        ChargeCall,
        ActionCall,
        RefundCall,
        PageOrders,
        Port.documents,
        DoubtAlarms,
        Port.clock,
        Port.ids,
        Port.journal,
        Port.durations,
        LeftWork,
      ],
    )
    .inSingletonScope();
  return container;
};
