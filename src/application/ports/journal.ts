export type JournalFields = Readonly<Record<string, string | number | boolean | null>>;

/** What operators read. Texts of R11.3 are searched for: they are written as they stand. Never a secret, never a person. */
export interface Journal {
  info(message: string, fields?: JournalFields): void;
  warn(message: string, fields?: JournalFields): void;
  /** `cause`: for the stack trace; what it says may reach the log, so it must hold no secret either. */
  error(message: string, fields?: JournalFields, cause?: unknown): void;
  /** Something a person must look at. `name` is stable, so that an alert can be hung on it; docs/operations.md says what to do. */
  alarm(name: AlarmName, message: string, fields?: JournalFields): void;
}

export type AlarmName =
  | 'gateway_contradiction'
  | 'gateway_order_id_taken'
  | 'in_doubt_too_long'
  | 'wrong_signatures'
  | 'parked_key'
  | 'unreadable_personal_data';
