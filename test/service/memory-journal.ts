import type { AlarmName, Journal, JournalFields } from '../../src/application/ports/journal.js';

export interface Entry {
  readonly level: 'info' | 'warn' | 'error' | 'alarm';
  readonly message: string;
  readonly fields: JournalFields;
  readonly cause?: unknown;
}

/** What operators would have read. */
export class MemoryJournal implements Journal {
  readonly entries: Entry[] = [];

  info(message: string, fields: JournalFields = {}): void {
    this.entries.push({ level: 'info', message, fields });
  }

  warn(message: string, fields: JournalFields = {}): void {
    this.entries.push({ level: 'warn', message, fields });
  }

  error(message: string, fields: JournalFields = {}, cause?: unknown): void {
    this.entries.push({ level: 'error', message, fields, cause });
  }

  alarm(name: AlarmName, message: string, fields: JournalFields = {}): void {
    this.entries.push({ level: 'alarm', message, fields: { ...fields, alarm: name } });
  }

  /** Everything that was written, as one text. */
  text(): string {
    return this.entries.map((entry) => JSON.stringify(entry)).join('\n');
  }
}
