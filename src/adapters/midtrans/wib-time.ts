import { instant, type Instant } from '../../domain/time/instant.js';

const wibTime = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)$/;
const zonedTime = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z| ?[+-]\d\d:?\d\d)$/;
const wibAheadOfUtcHours = 7;

/**
 * `2019-04-04 02:48:20`, which carries no zone and means GMT+7 (midtrans-facts 2.3), as an instant. Newer parts of Midtrans write
 * a zone, which is then believed. null for what is no such time: times are shown, so a bad one is no reason to lose the rest.
 */
export const instantOfWib = (text: string): Instant | null => {
  const match = wibTime.exec(text);
  if (match === null) return zonedTime.test(text) ? instantOrNull(Date.parse(text)) : null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const asIfUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  // The 31st of February would quietly become a day of March.
  const isRealTime = instant(asIfUtc).startsWith(text.replace(' ', 'T'));
  return isRealTime ? instant(asIfUtc - wibAheadOfUtcHours * 3_600_000) : null;
};

const instantOrNull = (epochMs: number): Instant | null => (Number.isNaN(epochMs) ? null : instant(epochMs));
