import { z } from 'zod';
import { readAs } from '../http/validation.js';
import type { HttpFault } from './http-faults.js';
import type { NotificationFaultRates } from './notification-faults.js';

const chance = z.number().min(0).max(1);

const httpFaultSchema = z.strictObject({
  path: z.string().startsWith('/', 'must begin with a slash'),
  kind: z.enum(['delay', 'status', 'html', 'drop_before', 'drop_after_commit']),
  probability: chance.default(1),
  status: z.int().min(400).max(599).optional(),
  delay_ms: z.int().min(0).max(600_000).default(1_000),
  times: z.int().min(1).nullish(),
});

const notificationFaultsSchema = z.strictObject({
  notifications: z.strictObject({
    duplicate: chance.default(0),
    reorder: chance.default(0),
    lose: chance.default(0),
    delay_ms: z.int().min(0).default(0),
  }),
});

/** POST /_simulator/faults (api.md section 5): faults of HTTP, or of notifications. Throws a ZodError. */
export const readFault = (body: unknown): { http: HttpFault } | { notifications: NotificationFaultRates } => {
  if (typeof body === 'object' && body !== null && 'notifications' in body) {
    const { duplicate, reorder, lose, delay_ms: delayMs } = readAs(notificationFaultsSchema, body).notifications;
    return { notifications: { duplicate, reorder, lose, delayMs } };
  }
  const { path, kind, probability, status, delay_ms: delayMs, times } = readAs(httpFaultSchema, body ?? {});
  return {
    http: {
      path,
      kind,
      probability,
      status: status ?? (kind === 'html' ? 502 : 500),
      delayMs,
      timesLeft: times ?? null,
    },
  };
};
