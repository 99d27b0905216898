import { wibTime } from '../clock/wib-time.js';
import type { Transaction, TransactionStatus } from '../transactions/transaction.js';
import type { Html } from './html.js';
import { html } from './html.js';

/** `Rp 150.000`, as it is written in Indonesia. */
export const rupiahForPeople = (amount: number): string => `Rp ${amount.toLocaleString('id-ID')}`;

type Mood = 'good' | 'bad' | 'warn' | 'calm';

const moods: Readonly<Record<TransactionStatus, Mood>> = {
  pending: 'warn',
  authorize: 'warn',
  capture: 'good',
  settlement: 'good',
  partial_refund: 'calm',
  refund: 'calm',
  partial_chargeback: 'bad',
  chargeback: 'bad',
  deny: 'bad',
  cancel: 'calm',
  expire: 'calm',
  failure: 'bad',
};

export const badge = (text: string, mood: Mood): Html => html`<span class="badge ${mood}">${text}</span>`;

export const statusBadge = ({ status, fraudStatus }: Transaction): Html =>
  status === 'capture' && fraudStatus === 'challenge'
    ? badge('capture, challenged', 'warn')
    : badge(status.replaceAll('_', ' '), moods[status]);

/** The time of day, with the date when it is another day than `now`. */
export const timeForPeople = (epochMs: number, now: number): string => {
  const time = wibTime(epochMs);
  return time.slice(0, 10) === wibTime(now).slice(0, 10) ? time.slice(11) : time;
};

/** `in 14 min`, `in 2 days`. */
export const untilForPeople = (epochMs: number, now: number): string => {
  const seconds = Math.max(0, Math.round((epochMs - now) / 1_000));
  if (seconds < 90) return `in ${seconds} s`;
  if (seconds < 5_400) return `in ${Math.round(seconds / 60)} min`;
  return seconds < 129_600 ? `in ${Math.round(seconds / 3_600)} h` : `in ${Math.round(seconds / 86_400)} days`;
};
