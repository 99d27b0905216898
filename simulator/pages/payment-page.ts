import { ruleOf } from '../methods/method-rules.js';
import type { Transaction } from '../transactions/transaction.js';
import { isPaid } from '../transactions/transitions.js';
import type { Html } from './html.js';
import { html } from './html.js';
import { customerPage } from './layout.js';
import { customerPath, paymentNumbers, qrPath } from './payment-facts.js';
import { rupiahForPeople, statusBadge } from './words.js';

/** What the customer sees in an app, at a bank or on a lender's page: pay or refuse. */
export const paymentPage = (transaction: Transaction, returnUrl: string | undefined): Html => {
  const { id, method, orderId, grossAmount, status } = transaction;
  const qr = qrPath(transaction);
  const query = returnUrl === undefined ? '' : `?callback_url=${encodeURIComponent(returnUrl)}`;
  return customerPage(
    `${ruleOf(method).label}: pay`,
    html`<div class="head">
        <h1>${ruleOf(method).label}</h1>
        ${statusBadge(transaction)}
      </div>
      <p class="amount">${rupiahForPeople(grossAmount)}</p>
      ${qr !== undefined && status === 'pending' && html`<img class="qr" src="${qr}" alt="QR code" />`}
      <dl class="facts">
        <dt>Order</dt>
        <dd><code>${orderId}</code></dd>
        ${paymentNumbers(transaction)}
      </dl>
      ${status === 'pending' ? payOrRefuse(id, query) : outcome(transaction, returnUrl)}`,
  );
};

const payOrRefuse = (id: string, query: string): Html =>
  html`<form method="post" action="/pay/${id}${query}" class="stack">
    <button class="main wide" name="do" value="pay">Pay</button>
    <button class="wide bad" name="do" value="deny">Refuse</button>
  </form>`;

const toldToShop = ({ id, orderId, status, comingVerdict, card }: Transaction) => ({
  transaction_id: id,
  order_id: orderId,
  transaction_status: status,
  // GET status calls it challenge_completion (midtrans-facts 3.4).
  ...(card && comingVerdict && { three_ds_challenge_completion: false }),
});

/** A shop that shows the page in a frame listens: the card script and snap.js do. */
const tellParent = (transaction: Transaction): Html =>
  html`<script data-result="${JSON.stringify(toldToShop(transaction))}">
    if (window.parent !== window) window.parent.postMessage(JSON.parse(document.currentScript.dataset.result), '*');
  </script>`;

/** What came of a payment, and the way back to the shop. */
export const outcome = (transaction: Transaction, returnUrl: string | undefined): Html => {
  const again = isUnpaid(transaction) ? pageAgain(transaction, returnUrl) : undefined;
  const mood = transaction.status === 'pending' ? '' : isMade(transaction) ? 'good' : 'bad';
  return html`${tellParent(transaction)}
    <p class="notice ${mood}">${outcomeWords(transaction)}</p>
    ${again !== undefined && html`<p><a class="button wide" href="${again}">Pay after all</a></p>`}
    ${returnUrl !== undefined && html`<p><a class="button main wide" href="${returnUrl}">Back to the shop</a></p>`}`;
};

/** Paid or held: nothing more is asked of the customer. */
export const isMade = (transaction: Transaction): boolean =>
  isPaid(transaction) || transaction.status === 'authorize' || transaction.status === 'capture';

const outcomeWords = (transaction: Transaction): string => {
  if (isMade(transaction)) return 'Thank you: this payment is made.';
  if (transaction.status !== 'pending') return `This payment is not made: ${transaction.status}.`;
  return isUnpaid(transaction)
    ? 'Nothing is paid, and the shop is not told. You can still pay until this payment expires.'
    : 'Your bank takes its time: the result follows within a minute.';
};

const isUnpaid = ({ status, comingVerdict }: Transaction): boolean => status === 'pending' && !comingVerdict;

/** Where the customer can pay after all, with the way back to the shop. */
const pageAgain = (transaction: Transaction, returnUrl: string | undefined): string | undefined => {
  const page = customerPath(transaction);
  if (page === undefined || returnUrl === undefined || page.includes('?')) return page;
  return `${page}?callback_url=${encodeURIComponent(returnUrl)}`;
};

export const outcomePage = (transaction: Transaction, returnUrl: string | undefined): Html =>
  customerPage(
    'Payment',
    html`<div class="head">
        <h1>${ruleOf(transaction.method).label}</h1>
        ${statusBadge(transaction)}
      </div>
      <p class="amount">${rupiahForPeople(transaction.grossAmount)}</p>
      <dl class="facts">
        <dt>Order</dt>
        <dd><code>${transaction.orderId}</code></dd>
      </dl>
      ${outcome(transaction, returnUrl)} `,
  );

/** A linked account's PIN was not typed in time. */
export const verificationOverPage = ({ method, orderId }: Transaction): Html =>
  customerPage(
    'Too late',
    html`<h1>${ruleOf(method).label}</h1>
      <p class="soft">Order <code>${orderId}</code></p>
      <p class="notice">This link was good for five minutes, and they are over.</p>`,
  );

/** For an address that leads nowhere. */
export const nothingHerePage = (what: string): Html =>
  customerPage(
    'Nothing here',
    html`<h1>Nothing here</h1>
      <p class="soft">${what}</p>`,
  );
