const wibOffsetMs = 7 * 3_600_000;
const dayMs = 86_400_000;

/** `yyyy-MM-dd HH:mm:ss` in Jakarta time without an offset, as Midtrans writes every time (midtrans-facts 2.3). */
export const wibTime = (epochMs: number): string =>
  new Date(epochMs + wibOffsetMs).toISOString().slice(0, 19).replace('T', ' ');

/** The settlement batch that takes what was captured at `capturedAtMs`: the next day at 16:00 WIB (midtrans-facts 3.4). */
export const nextSettlementBatch = (capturedAtMs: number): number => {
  const startOfDay = Math.floor((capturedAtMs + wibOffsetMs) / dayMs) * dayMs;
  return startOfDay + dayMs + 16 * 3_600_000 - wibOffsetMs;
};

const requestTime = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})(?::(\d{2}))? ?([+-]\d{2}):?(\d{2})$/;

/** Reads `yyyy-MM-dd HH:mm[:ss] Z` as requests carry it; undefined when it is no such time. */
export const parseRequestTime = (text: string): number | undefined => {
  const parts = requestTime.exec(text);
  if (!parts) return undefined;
  const [, date, minutes, seconds = '00', offsetHours, offsetMinutes] = parts;
  const epochMs = Date.parse(`${date}T${minutes}:${seconds}${offsetHours}:${offsetMinutes}`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
};
