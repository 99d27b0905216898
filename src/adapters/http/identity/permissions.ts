/** What a caller may do (api.md 2). */
export type Permission =
  | 'create_own'
  | 'create_any'
  | 'read_own'
  | 'read_any'
  /** Network addresses and raw notifications. */
  | 'read_evidence'
  | 'cancel_own_pending'
  | 'cancel_any_pending'
  | 'cancel'
  | 'expire'
  | 'sync'
  | 'capture'
  | 'approve'
  | 'deny'
  | 'refund'
  | 'read_parked_keys'
  | 'resume_parked_keys';

export const roles = ['customer', 'service', 'support', 'finance', 'auditor', 'operator'] as const;
export type Role = (typeof roles)[number];

const support: readonly Permission[] = ['read_any', 'read_evidence', 'cancel', 'expire', 'sync'];

export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  customer: ['create_own', 'read_own', 'cancel_own_pending'],
  service: ['create_any', 'read_any', 'cancel_any_pending'],
  support,
  finance: [...support, 'capture', 'approve', 'deny', 'refund'],
  auditor: ['read_any', 'read_evidence', 'read_parked_keys'],
  operator: ['read_parked_keys', 'resume_parked_keys'],
};

export const isRole = (text: string): text is Role => roles.some((role) => role === text);

/** Several roles add up. `customersPay`: ALLOW_CUSTOMER_PAYMENTS. */
export const permissionsOfAll = (held: readonly Role[], customersPay: boolean): ReadonlySet<Permission> => {
  const all = new Set(held.flatMap((role) => permissionsOf[role]));
  if (!customersPay) all.delete('create_own');
  return all;
};
