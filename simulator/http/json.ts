import { stringify } from 'lossless-json';
import type { Fields } from '../transactions/transaction.js';

/** JSON in which a bigint is written as the number it is: `refund_chargeback_id` does not fit a double. */
export const writeJson = (value: Fields): string => stringify(value) ?? 'null';
