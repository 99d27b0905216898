import type { ParsedUrlQuery } from 'node:querystring';
import { randomUUID } from 'node:crypto';
import { transactionUnknown } from '../http/refusal.js';
import type { Merchant } from './messages.js';
import { statusAnswer } from './messages.js';
import type { TransactionBook } from './transaction-book.js';
import type { Fields } from './transaction.js';

const perPageDefault = 10;

/** GET status/b2b: every attempt under an order id, newest first, page by page (midtrans-facts 5.3). */
export const statusesForBusiness = (
  book: TransactionBook,
  merchant: Merchant,
  id: string,
  query: ParsedUrlQuery,
): Fields => {
  const transaction = book.findByPath(id);
  if (!transaction) throw transactionUnknown();
  const page = wholeNumber(query['page'], 0);
  const perPage = Math.max(1, wholeNumber(query['per_page'], perPageDefault));
  const attempts = book.attemptsOf(transaction.orderId).reverse();
  const from = page * perPage;
  return {
    status_code: '200',
    status_message: 'Success, transaction is found',
    id: randomUUID(),
    transactions: attempts.slice(from, from + perPage).map((attempt) => statusAnswer(attempt, merchant)),
    has_next: from + perPage < attempts.length,
  };
};

const wholeNumber = (text: string | string[] | undefined, otherwise: number): number =>
  typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : otherwise;
