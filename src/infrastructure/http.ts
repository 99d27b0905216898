import type { Container } from 'inversify';
import { createHttpApp, type HttpApp } from '../adapters/http/app.js';
import type { Readiness } from '../adapters/http/http-parts.js';
import { chargeRequestBytes } from '../adapters/midtrans/charge-request.js';
import { midtransHosts } from '../adapters/midtrans/hosts.js';
import { IdempotentRequests } from '../application/idempotency/idempotent-requests.js';
import { PaymentMethods } from '../application/methods/payment-methods.js';
import { ReceiveNotification } from '../application/notifications/receive-notification.js';
import { ParkedKeys } from '../application/parking/parked-keys.js';
import { ResumeParkedKey } from '../application/parking/resume-parked-key.js';
import { ActOnPayment } from '../application/payments/act-on-payment.js';
import { FindPayments } from '../application/payments/find-payments.js';
import { MakePayment } from '../application/payments/make-payment.js';
import { RefundPayment } from '../application/payments/refund-payment.js';
import { SyncPayment } from '../application/payments/sync-payment.js';
import { ReadablePersonalData } from '../application/personal-data/readable-personal-data.js';
import type { Config } from './config.js';
import { Port } from './ports.js';

/** The HTTP side, given its use cases. */
export const httpApp = (container: Container, config: Config, readiness: () => Promise<Readiness>): HttpApp =>
  createHttpApp({
    makePayment: container.get(MakePayment),
    actOnPayment: container.get(ActOnPayment),
    refundPayment: container.get(RefundPayment),
    syncPayment: container.get(SyncPayment),
    findPayments: container.get(FindPayments),
    paymentMethods: container.get(PaymentMethods),
    receiveNotification: container.get(ReceiveNotification),
    parkedKeys: container.get(ParkedKeys),
    resumeParkedKey: container.get(ResumeParkedKey),
    idempotentRequests: container.get(IdempotentRequests),
    personalData: container.get(ReadablePersonalData),
    clock: container.get(Port.clock),
    ids: container.get(Port.ids),
    journal: container.get(Port.journal),
    chargeRequestBytes,
    readiness,
    settings: {
      jwtSecret: config.jwtSecret,
      webhookSecret: config.webhookSecret,
      trustedGateways: config.trustedGateways,
      allowCustomerPayments: config.allowCustomerPayments,
      clientKey: config.midtrans.clientKey,
      cardScript: midtransHosts(config.midtrans.environment, config.midtrans.mockUrl).cardScript,
    },
  });
