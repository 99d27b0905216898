import { ParkedKeys } from '../../../src/application/parking/parked-keys.js';
import type { Documents } from '../../../src/application/ports/documents.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { ToldClock } from '../payments/lives-on-record.js';

/** Parked keys over real records, in told time; alarms go to `journal`. */
export const parkedKeysIn = (records: Documents, journal = new MemoryJournal(), clock = new ToldClock()): ParkedKeys =>
  new ParkedKeys(records, clock, journal);
