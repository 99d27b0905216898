import { z } from 'zod';
import { readAs } from '../http/validation.js';
import type { HttpFault, Trouble } from './http-faults.js';
import type { NotificationFaultRates } from './notification-faults.js';

const chance = z.number().min(0).max(1);

const httpFaultSchema = z
  .strictObject({
    path: z.string().startsWith('/', 'must begin with a slash'),
    kind: z.enum(['delay', 'status', 'html', 'empty', 'drop_before', 'drop_after_commit', 'refuse']),
    probability: chance.default(1),
    status: z.int().min(200).max(599).optional(),
    body_status: z.int().min(300).max(999).optional(),
    after_commit: z.boolean().optional(),
    because: z.enum(['bank', 'balance']).optional(),
    delay_ms: z.int().min(0).max(600_000).default(1_000),
    times: z.int().min(1).nullish(),
  })
  .check(({ value, issues }) => {
    for (const [field, message] of contradictions(value))
      issues.push({ code: 'custom', path: [field], message, input: value });
  });

/** What was asked for and could never happen. */
const contradictions = ({ path, kind, status, body_status, after_commit, because }: HttpFaultRequest) => {
  const found: [string, string][] = [];
  const replacesTheAnswer = kind === 'status' || kind === 'html' || kind === 'empty';
  if (kind === 'status' && body_status === undefined && status !== undefined && status < 400)
    found.push(['status', 'must be greater than or equal to 400']);
  if (body_status !== undefined && kind !== 'status') found.push(['body_status', 'is for the kind status']);
  // Snap and subscriptions have no status_code in their bodies (midtrans-facts 1.6).
  if (body_status !== undefined && !path.startsWith('/v2')) found.push(['body_status', 'is for paths under /v2']);
  if (after_commit && !replacesTheAnswer) found.push(['after_commit', 'is for the kinds status, html and empty']);
  if (because !== undefined && kind !== 'refuse') found.push(['because', 'is for the kind refuse']);
  return found;
};

type HttpFaultRequest = Readonly<{
  path: string;
  kind: HttpFault['kind'];
  status?: number | undefined;
  body_status?: number | undefined;
  after_commit?: boolean | undefined;
  because?: 'bank' | 'balance' | undefined;
  delay_ms: number;
}>;

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
  const request = readAs(httpFaultSchema, body ?? {});
  const { path, probability, times } = request;
  return { http: { path, probability, timesLeft: times ?? null, ...troubleIn(request) } };
};

const troubleIn = ({ kind, status, body_status, after_commit, because, delay_ms }: HttpFaultRequest): Trouble => {
  const afterCommit = after_commit ?? false;
  switch (kind) {
    case 'delay':
      return { kind, delayMs: delay_ms };
    case 'status':
      return { kind, afterCommit, bodyStatus: body_status ?? null, status: status ?? (body_status ? 200 : 500) };
    case 'html':
    case 'empty':
      return { kind, afterCommit, status: status ?? 502 };
    case 'refuse':
      return { kind, because: because ?? 'bank' };
    case 'drop_before':
    case 'drop_after_commit':
      return { kind };
  }
};
