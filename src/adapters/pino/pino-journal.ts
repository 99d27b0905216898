import { pino, type DestinationStream, type Logger } from 'pino';
import type { AlarmName, Journal, JournalFields } from '../../application/ports/journal.js';
import { GatheredLines } from './gathered-lines.js';
import { isSecretField, withoutSecrets } from './without-secrets.js';

export interface PinoJournalOptions {
  readonly level: string;
  /** `SERVICE_NAME`. */
  readonly service: string;
  /** stdout unless said otherwise; writes that do not block, in order. */
  readonly destination?: DestinationStream;
}

/** One JSON line for each entry. Whatever is written passes `withoutSecrets`, so that a mistake elsewhere does not end in the log. */
export class PinoJournal implements Journal {
  private readonly logger: Logger;
  private readonly destination: DestinationStream & { flush?(done: (error?: Error) => void): void };

  constructor({ level, service, destination }: PinoJournalOptions) {
    this.destination = destination ?? new GatheredLines();
    this.logger = pino(
      { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, formatters },
      this.destination,
    );
  }

  info(message: string, fields: JournalFields = {}): void {
    if (this.logger.isLevelEnabled('info')) this.logger.info(clean(fields), withoutSecrets(message));
  }

  warn(message: string, fields: JournalFields = {}): void {
    if (this.logger.isLevelEnabled('warn')) this.logger.warn(clean(fields), withoutSecrets(message));
  }

  error(message: string, fields: JournalFields = {}, cause?: unknown): void {
    if (!this.logger.isLevelEnabled('error')) return;
    const error = cause === undefined ? {} : { error: described(cause) };
    this.logger.error({ ...clean(fields), ...error }, withoutSecrets(message));
  }

  alarm(name: AlarmName, message: string, fields: JournalFields = {}): void {
    this.logger.error({ ...clean(fields), alarm: name }, withoutSecrets(message));
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.destination.flush) this.destination.flush(() => resolve());
      else resolve();
    });
  }
}

const formatters = { level: (label: string) => ({ level: label }) };

const clean = (fields: JournalFields): JournalFields => {
  const shown: Record<string, JournalFields[string]> = {};
  for (const [name, value] of Object.entries(fields))
    shown[name] = isSecretField(name) ? '[redacted]' : typeof value === 'string' ? withoutSecrets(value) : value;
  return shown;
};

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/** Name, message and stack; not what else hangs on an error, which may be a whole request. */
const described = (error: unknown, depth = 0): DescribedError => {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutSecrets(String(error)) };
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message: withoutSecrets(message),
    ...(stack !== undefined && { stack: withoutSecrets(stack) }),
    ...(cause !== undefined && depth < causesMax && { cause: described(cause, depth + 1) }),
  };
};

const causesMax = 3;
