import { z } from 'zod';
import type { Switches } from './switches.js';

/** 0 lets the system choose; which port it is, is printed. */
const port = z
  .string()
  .regex(/^(?:0|[1-9]\d*)$/, 'must be a port number')
  .transform(Number)
  .pipe(z.number().max(65_535, 'must be from 0 to 65535'));
const key = z.string().regex(/^\S+$/, 'must not be empty or contain white space');
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

const environmentSchema = z.object({
  SIMULATOR_PORT: port.default(3003),
  SIMULATOR_HOST: z.string().min(1).default('127.0.0.1'),
  SIMULATOR_PUBLIC_URL: httpUrl.optional(),
  MIDTRANS_SERVER_KEY: key.default('SB-Mid-server-simulator'),
  MIDTRANS_CLIENT_KEY: key.default('SB-Mid-client-simulator'),
  MIDTRANS_NOTIFICATION_URL: httpUrl.optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  SIMULATOR_WALLET_QUIRKS: flag.default(false),
  SIMULATOR_SHOPEEPAY_PARTIAL_REFUNDS: flag.default(false),
  SIMULATOR_REFUND_HOURS: flag.default(false),
  SIMULATOR_RANDOM_SHIFTS: flag.default(false),
  SIMULATOR_KREDIVO_DETAILS: flag.default(false),
  SIMULATOR_SLA_DELAYS: flag.default(false),
});

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly serverKey: string;
  readonly clientKey: string;
  readonly notificationUrl: string | undefined;
  readonly dataDir: string;
  readonly switches: Switches;
}

/** One readable line for each variable that is wrong. */
export class UnusableSettings extends Error {
  override readonly name = 'UnusableSettings';
}

/** Reads the simulator's environment. An empty variable counts as not set. Throws UnusableSettings. */
export const readSettings = (environment: Readonly<Record<string, string | undefined>>): Settings => {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success)
    throw new UnusableSettings(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    );
  const { data } = parsed;
  return {
    port: data.SIMULATOR_PORT,
    host: data.SIMULATOR_HOST,
    publicUrl: data.SIMULATOR_PUBLIC_URL?.replace(/\/+$/, ''),
    serverKey: data.MIDTRANS_SERVER_KEY,
    clientKey: data.MIDTRANS_CLIENT_KEY,
    notificationUrl: data.MIDTRANS_NOTIFICATION_URL,
    dataDir: data.DATA_DIR,
    switches: {
      walletQuirks: data.SIMULATOR_WALLET_QUIRKS,
      shopeePayPartialRefunds: data.SIMULATOR_SHOPEEPAY_PARTIAL_REFUNDS,
      refundHours: data.SIMULATOR_REFUND_HOURS,
      randomShifts: data.SIMULATOR_RANDOM_SHIFTS,
      kredivoDetails: data.SIMULATOR_KREDIVO_DETAILS,
      slaDelays: data.SIMULATOR_SLA_DELAYS,
    },
  };
};
