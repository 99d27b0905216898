import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { HttpFault, HttpFaults } from '../faults/http-faults.js';
import type { NotificationFaults } from '../faults/notification-faults.js';
import type { Activations, Feature } from '../methods/activations.js';
import type { Attempt, Notification } from '../notifications/notification.js';
import type { SnapDesk, SnapPage } from '../snap/snap-desk.js';
import { rupiahText } from '../transactions/rupiah-text.js';
import type { Fields } from '../transactions/transaction.js';

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

export const clockView = (clock: SimulatorClock): Fields => ({
  now: iso(clock.now()),
  ahead_seconds: Math.round(clock.aheadMs / 1_000),
});

export const notificationView = (notification: Notification): Fields => ({
  id: notification.id,
  kind: notification.kind,
  subject_id: notification.subjectId,
  order_id: notification.orderId,
  event: notification.event,
  url: notification.url,
  state: notification.state,
  created_at: iso(notification.createdAt),
  due_at: notification.dueAt === null ? null : iso(notification.dueAt),
  body: notification.body,
  attempts: notification.attempts.map(attemptView),
});

const attemptView = ({ at, status, error, answer, tookMs }: Attempt): Fields => ({
  at: iso(at),
  status,
  error,
  answer,
  took_ms: tookMs,
});

export const faultsView = (http: HttpFaults, notifications: NotificationFaults): Fields => {
  const { delayMs, ...rates } = notifications.current();
  return { faults: http.all().map(faultView), notifications: { ...rates, delay_ms: delayMs } };
};

const faultView = (fault: HttpFault): Fields => ({
  path: fault.path,
  kind: fault.kind,
  probability: fault.probability,
  ...('status' in fault && { status: fault.status }),
  ...('bodyStatus' in fault && fault.bodyStatus !== null && { body_status: fault.bodyStatus }),
  ...('afterCommit' in fault && fault.afterCommit && { after_commit: true }),
  ...(fault.kind === 'refuse' && { because: fault.because }),
  ...(fault.kind === 'delay' && { delay_ms: fault.delayMs }),
  times: fault.timesLeft,
});

export const activationView = (feature: Feature, activations: Activations): Fields => {
  const deactivation = activations.deactivation(feature);
  return { method: feature, active: !deactivation, ...(deactivation && { http_status: deactivation.httpStatus }) };
};

export const snapPageView = (page: SnapPage, snap: SnapDesk): Fields => ({
  token: page.token,
  order_id: page.orderId,
  gross_amount: rupiahText(page.grossAmount),
  redirect_url: snap.pageUrl(page.token),
  standing: snap.standing(page),
  expires_at: iso(page.expiresAt),
});
