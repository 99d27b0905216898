import { pino, type DestinationStream, type Logger } from 'pino';
import type { AlarmName, Journal, JournalFields } from '../../application/ports/journal.js';
import { GatheredLines } from './gathered-lines.js';
import { isSecretField, withoutSecrets } from './without-secrets.js';

export interface PinoJournalOptions {
  readonly level: string;
  /** `SERVICE_NAME`. */
  readonly service: string;
  /** Those in use, as they are written: never shown. */
  readonly secrets?: readonly string[];
  /** stdout unless said otherwise; writes that do not block, in order. */
  readonly destination?: DestinationStream;
}

/** One JSON line for each entry. Whatever is written passes `withoutSecrets`, so that a mistake elsewhere does not end in the log. */
export class PinoJournal implements Journal {
  private readonly logger: Logger;
  private readonly secrets: readonly string[];
  private readonly destination: DestinationStream & { flush?(done: (error?: Error) => void): void };

  constructor({ level, service, secrets = [], destination }: PinoJournalOptions) {
    this.secrets = secrets;
    this.destination = destination ?? new GatheredLines();
    this.logger = pino(
      { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, formatters },
      this.destination,
    );
  }

  info(message: string, fields: JournalFields = {}): void {
    if (this.logger.isLevelEnabled('info')) this.logger.info(this.clean(fields), this.masked(message));
  }

  warn(message: string, fields: JournalFields = {}): void {
    if (this.logger.isLevelEnabled('warn')) this.logger.warn(this.clean(fields), this.masked(message));
  }

  error(message: string, fields: JournalFields = {}, cause?: unknown): void {
    if (!this.logger.isLevelEnabled('error')) return;
    const error = cause === undefined ? {} : { error: this.described(cause) };
    this.logger.error({ ...this.clean(fields), ...error }, this.masked(message));
  }

  alarm(name: AlarmName, message: string, fields: JournalFields = {}): void {
    this.logger.error({ ...this.clean(fields), alarm: name }, this.masked(message));
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.destination.flush) this.destination.flush(() => resolve());
      else resolve();
    });
  }

  private clean(fields: JournalFields): JournalFields {
    const shown: Record<string, JournalFields[string]> = {};
    for (const [name, value] of Object.entries(fields))
      shown[name] = isSecretField(name) ? '[redacted]' : typeof value === 'string' ? this.masked(value) : value;
    return shown;
  }

  /** Name, message and stack; not what else hangs on an error, which may be a whole request. */
  private described(error: unknown, depth = 0): DescribedError {
    if (!(error instanceof Error)) return { type: typeof error, message: this.masked(String(error)) };
    const { name, message, stack, cause } = error;
    return {
      type: name,
      message: this.masked(message),
      ...(stack !== undefined && { stack: this.masked(stack) }),
      ...(cause !== undefined && depth < causesMax && { cause: this.described(cause, depth + 1) }),
    };
  }

  private masked(text: string): string {
    return withoutSecrets(text, this.secrets);
  }
}

const formatters = { level: (label: string) => ({ level: label }) };

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

const causesMax = 3;
