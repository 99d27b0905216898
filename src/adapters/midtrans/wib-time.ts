import { instant, type Instant } from '../../domain/time/instant.js';

const wibTime = /^\d{4}-\d\d-(\d\d)[ T]\d\d:\d\d:\d\d$/;
const zonedTime = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z| ?[+-]\d\d:?\d\d)$/;

/**
 * `2019-04-04 02:48:20`, which carries no zone and means GMT+7 (midtrans-facts 2.3), as an instant. Newer parts of Midtrans write
 * a zone, which is then believed. null for what is no such time: times are shown, so a bad one is no reason to lose the rest.
 */
export const instantOfWib = (text: string): Instant | null => {
  const sameDay = onSameDay(text);
  if (sameDay !== undefined) return sameDay;
  const day = wibTime.exec(text)?.[1];
  if (day === undefined) return zonedTime.test(text) ? instantOrNull(Date.parse(text)) : null;
  const epochMs = Date.parse(`${text.slice(0, 10)}T${text.slice(11)}+07:00`);
  return Number(day) <= 28 || isDayOfItsMonth(text) ? instantOrNull(epochMs) : null;
};

/** From 07:00 on, up to the 28th, which every month has. */
const daytime = /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8]))[ T](0[7-9]|1\d|2[0-3])(:[0-5]\d:[0-5]\d)$/;

/** Where UTC has the same day, only the hour differs. So it is with most times, and each notification carries several. */
const onSameDay = (text: string): Instant | undefined => {
  const [, date, hour, rest] = daytime.exec(text) ?? [];
  return date && hour && rest && `${date}T${String(Number(hour) - 7).padStart(2, '0')}${rest}.000Z`;
};

/** `Date.parse` turns the 30th of February into a day of March. */
const isDayOfItsMonth = (text: string): boolean =>
  instantOrNull(Date.parse(`${text.slice(0, 10)}T00:00:00Z`))?.startsWith(text.slice(0, 10)) ?? false;

const instantOrNull = (epochMs: number): Instant | null => (Number.isNaN(epochMs) ? null : instant(epochMs));
