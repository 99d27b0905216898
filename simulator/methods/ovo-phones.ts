import type { ComingVerdict } from '../transactions/transaction.js';

type OvoPhone = 'pays' | 'not_registered' | 'user_cancels' | 'push_failed' | 'payment_failed' | 'no_answer';

/** Sandbox phones of OVO (midtrans-facts 8); any other works. */
const phones: Readonly<Record<string, OvoPhone>> = {
  '628249134000': 'not_registered',
  '628271939753': 'user_cancels',
  '628242014881': 'push_failed',
  '628237435829': 'payment_failed',
  '628215023424': 'no_answer',
  '628242974268': 'no_answer',
};

const refusals: Partial<Record<OvoPhone, { code: string; message: string }>> = {
  user_cancels: { code: '17', message: 'Transaction is cancelled by customer' },
  push_failed: { code: '26', message: 'Push notification to customer failed' },
  payment_failed: { code: '40', message: 'Payment failed' },
};

/** The refusal comes this long after the push. */
const refusesAfterMs = 2_000;

const international = (phone: string): string => phone.replace(/\D/g, '').replace(/^0/, '62');

export const sandboxPhone = (phone: string): OvoPhone => phones[international(phone)] ?? 'pays';

/** What will come of a push to this phone without anybody at the controls. */
export const ovoPhoneVerdict = (phone: string, now: number): ComingVerdict | undefined => {
  const refusal = refusals[sandboxPhone(phone)];
  return (
    refusal && {
      at: now + refusesAfterMs,
      verdict: 'deny',
      fields: { channel_response_code: refusal.code, channel_response_message: refusal.message },
    }
  );
};
