import type { Switches } from './switches.js';

export interface SimulatorOptions {
  /** 0 lets the system choose. */
  readonly port?: number;
  readonly host?: string;
  /** Where customers reach the simulator, when that is not where it listens. */
  readonly publicUrl?: string | undefined;
  readonly serverKey?: string;
  readonly clientKey?: string;
  /** The notification URL of the merchant's dashboard; without one only the URLs of a request are notified. */
  readonly notificationUrl?: string | undefined;
  /** The SQLite file that remembers; without one nothing survives. */
  readonly dataFile?: string | undefined;
  readonly switches?: Partial<Switches>;
  /** How long a receiver of notifications may take, in real milliseconds. */
  readonly notificationTimeoutMs?: number;
  /** Chances of faults are drawn from it. */
  readonly random?: () => number;
}
