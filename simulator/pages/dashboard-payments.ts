import { ruleOf } from '../methods/method-rules.js';
import type { SimulatorParts } from '../simulator-parts.js';
import type { SnapPage } from '../snap/snap-desk.js';
import type { Transaction } from '../transactions/transaction.js';
import type { Happening } from '../transactions/transitions.js';
import { isPossible } from '../transactions/transitions.js';
import { shownMax } from './dashboard-limits.js';
import type { Html } from './html.js';
import { html } from './html.js';
import { customerPath, paymentNumbers, qrPath } from './payment-facts.js';
import { badge, rupiahForPeople, statusBadge, timeForPeople, untilForPeople } from './words.js';

/** Payments and Snap pages that wait for their customer. */
export const waitingSection = ({ book, snap, clock: time }: SimulatorParts): Html => {
  const now = time.now();
  const pending = book
    .all()
    .reverse()
    .filter(({ status }) => status === 'pending');
  const pages = snap.all().filter((page) => snap.standing(page) === 'open');
  const count = pending.length + pages.length;
  return html`<h2>Waiting to be paid <small>${count}</small></h2>
    ${count === 0 && html`<div class="card empty">Nothing waits. Make a charge, and it shows up here.</div>`}
    <div class="grid">
      ${pages.slice(0, shownMax).map((page) => snapCard(page, now))}
      ${pending.slice(0, shownMax).map((transaction) => paymentCard(transaction, now))}
    </div>`;
};

const snapCard = (page: SnapPage, now: number): Html =>
  html`<article class="card">
    <div class="head"><strong>Snap page</strong>${badge('no method picked', 'calm')}</div>
    <p class="amount">${rupiahForPeople(page.grossAmount)}</p>
    <dl class="facts">
      <dt>Order</dt>
      <dd><code>${page.orderId}</code></dd>
      <dt>Ends</dt>
      <dd>${untilForPeople(page.expiresAt, now)}</dd>
    </dl>
    <div class="buttons">
      <a class="button main" href="/snap/v3/redirection/${page.token}" target="_blank">Open the page</a>
      ${control(page.token, 'pay', 'Pay')}${control(page.token, 'expire', 'Expire', 'bad')}
    </div>
  </article>`;

const paymentCard = (transaction: Transaction, now: number): Html => {
  const { id, method, orderId, grossAmount, expiresAt, card } = transaction;
  const page = customerPath(transaction);
  const qr = qrPath(transaction);
  return html`<article class="card">
    <div class="head"><strong>${ruleOf(method).label}</strong>${statusBadge(transaction)}</div>
    <p class="amount">${rupiahForPeople(grossAmount)}</p>
    ${qr !== undefined && html`<img class="qr" src="${qr}" alt="QR code of order ${orderId}" loading="lazy" />`}
    <dl class="facts">
      ${paymentNumbers(transaction)}
      <dt>Order</dt>
      <dd><code>${orderId}</code></dd>
      ${
        expiresAt !== null &&
        html`<dt>Expires</dt>
          <dd>${untilForPeople(expiresAt, now)}</dd>`
      }
    </dl>
    <div class="buttons">
      ${control(id, 'pay', 'Pay', 'main')}${control(id, 'deny', 'Deny', 'bad')}${control(id, 'expire', 'Expire')}
      ${card && control(id, 'challenge', 'Challenge')}
      ${page !== undefined && html`<a class="button" href="${page}" target="_blank">Customer's page</a>`}
    </div>
  </article>`;
};

const control = (id: string, what: string, label: string, mood = ''): Html =>
  html`<button class="${mood}" data-path="/_simulator/transactions/${encodeURIComponent(id)}/${what}">
    ${label}
  </button>`;

/** GoPay accounts that wait for their owner; nothing when there are none. */
export const accountsSection = (parts: SimulatorParts): Html | false => {
  const asking = parts.accounts.all().filter(({ status }) => status === 'PENDING');
  return (
    asking.length > 0 &&
    html`<h2>GoPay accounts to link <small>${asking.length}</small></h2>
      <div class="grid">
        ${asking.slice(0, shownMax).map(
          ({ id, phone }) =>
            html`<article class="card">
              <strong>${phone}</strong>
              <p class="soft mono">${id}</p>
              <div class="buttons">
                <button class="main" data-path="/_simulator/accounts/${id}/activate">Link</button
                ><a class="button" href="/gopay/accounts/${id}/link" target="_blank">Customer's page</a>
              </div>
            </article>`,
        )}
      </div>`
  );
};

/** Everything that waits for nobody, and what can still be done to it. */
export const transactionsSection = ({ book, clock: time }: SimulatorParts): Html => {
  const now = time.now();
  const done = book
    .all()
    .reverse()
    .filter(({ status }) => status !== 'pending');
  return html`<h2>Transactions <small>${done.length} paid, refused or over</small></h2>
    <div class="card table">
      <table>
        <thead>
          <tr>
            <th>Order</th>
            <th>Method</th>
            <th class="right">Amount</th>
            <th>Status</th>
            <th>Made</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${
            done.length === 0 &&
            html`<tr>
              <td colspan="6" class="empty">None yet</td>
            </tr>`
          }
          ${done.slice(0, shownMax).map((transaction) => transactionRow(transaction, now))}
        </tbody>
      </table>
    </div>`;
};

const transactionRow = (transaction: Transaction, now: number): Html =>
  html`<tr>
    <td><code>${transaction.orderId}</code></td>
    <td>${ruleOf(transaction.method).label}</td>
    <td class="right">${rupiahForPeople(transaction.grossAmount)}</td>
    <td>${statusBadge(transaction)}</td>
    <td class="soft">${timeForPeople(transaction.createdAt, now)}</td>
    <td><div class="buttons">${furtherControls(transaction)}</div></td>
  </tr>`;

const furtherControls = (transaction: Transaction): Html[] => {
  const rule = ruleOf(transaction.method);
  const offered: [Happening | 'refund', string, string, boolean][] = [
    ['settle', 'settle', 'Settle', true],
    ['decline', 'deny', 'Deny', true],
    ['refund', 'refund', 'Refund', rule.refund !== null],
    ['reverse', 'reverse', 'Reverse', rule.reversible],
    ['chargeback', 'chargeback', 'Chargeback', transaction.card !== null],
  ];
  return offered
    .filter(([what, , , applies]) => applies && isPossible(what, transaction))
    .map(
      ([, path, label]) =>
        html`<button class="small" data-path="/_simulator/transactions/${encodeURIComponent(transaction.id)}/${path}">
          ${label}
        </button>`,
    );
};
