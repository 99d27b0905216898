import { instant, type Instant } from '../../domain/time/instant.js';

const wibTime = /^\d{4}-\d\d-(\d\d)[ T]\d\d:\d\d:\d\d$/;
const zonedTime = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z| ?[+-]\d\d:?\d\d)$/;

/**
 * `2019-04-04 02:48:20`, which carries no zone and means GMT+7 (midtrans-facts 2.3), as an instant. Newer parts of Midtrans write
 * a zone, which is then believed. null for what is no such time: times are shown, so a bad one is no reason to lose the rest.
 */
export const instantOfWib = (text: string): Instant | null => {
  const day = wibTime.exec(text)?.[1];
  if (day === undefined) return zonedTime.test(text) ? instantOrNull(Date.parse(text)) : null;
  const epochMs = Date.parse(`${text.slice(0, 10)}T${text.slice(11)}+07:00`);
  return Number(day) <= 28 || isDayOfItsMonth(text) ? instantOrNull(epochMs) : null;
};

/** `Date.parse` turns the 30th of February into a day of March. */
const isDayOfItsMonth = (text: string): boolean =>
  instantOrNull(Date.parse(`${text.slice(0, 10)}T00:00:00Z`))?.startsWith(text.slice(0, 10)) ?? false;

const instantOrNull = (epochMs: number): Instant | null => (Number.isNaN(epochMs) ? null : instant(epochMs));
