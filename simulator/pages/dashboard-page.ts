import { parse, stringify } from 'lossless-json';
import { nextSettlementBatch, wibTime } from '../clock/wib-time.js';
import type { HttpFault } from '../faults/http-faults.js';
import type { Notification } from '../notifications/notification.js';
import { ruleOf } from '../methods/method-rules.js';
import type { SimulatorParts } from '../open-simulator.js';
import type { SnapPage } from '../snap/snap-desk.js';
import type { Transaction } from '../transactions/transaction.js';
import type { Happening } from '../transactions/transitions.js';
import { isPossible } from '../transactions/transitions.js';
import type { Html } from './html.js';
import { html } from './html.js';
import { widePage } from './layout.js';
import { customerPath, paymentNumbers, qrPath } from './payment-facts.js';
import { badge, rupiahForPeople, statusBadge, timeForPeople, untilForPeople } from './words.js';

/** Lists show the newest of what may be thousands. */
const shownMax = 60;

/** `GET /`: what waits to be paid, what happened, what the merchant was told. */
export const dashboardPage = (parts: SimulatorParts): Html =>
  widePage(
    'Midtrans simulator',
    html`<header class="top">
        <div>
          <div class="grow">
            <h1>Midtrans simulator</h1>
            <p>Notifies ${parts.notificationUrl ?? 'nobody: MIDTRANS_NOTIFICATION_URL is not set'}</p>
          </div>
          <button
            class="small bad"
            data-path="/_simulator"
            data-method="DELETE"
            data-confirm="Forget all transactions, notifications, faults and the clock?"
          >
            Forget everything
          </button>
        </div>
      </header>
      <main>
        <div id="live">${live(parts)}</div>
        ${faultForm}
      </main>
      <div id="toast" role="status"></div>
      <script src="/assets/dashboard.js"></script>`,
  );

const live = (parts: SimulatorParts): Html =>
  html`${clock(parts)}${waiting(parts)}${accounts(parts)}${transactions(parts)}${notifications(parts)}${faults(parts)}`;

const clock = ({ clock: time }: SimulatorParts): Html => {
  const now = time.now();
  const untilBatch = Math.ceil((nextSettlementBatch(now) - now) / 1_000);
  const ahead = Math.round(time.aheadMs / 60_000);
  return html`<div class="card head" style="display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center">
    <div class="grow">
      <strong class="mono">${wibTime(now).slice(0, 16)}</strong>
      <span class="soft">WIB${ahead > 0 && `, ${ahead} min ahead of real time`}</span>
    </div>
    ${advance('+1 min', 60)}${advance('+15 min', 900)}${advance('+1 h', 3_600)}${advance('+1 day', 86_400)}${advance('To the next settlement batch', untilBatch)}
  </div>`;
};

const advance = (label: string, seconds: number): Html =>
  html`<button class="small" data-path="/_simulator/clock" data-body='{"advance_seconds":${seconds}}'>
    ${label}
  </button>`;

const waiting = ({ book, snap, clock: time }: SimulatorParts): Html => {
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

const accounts = (parts: SimulatorParts): Html | false => {
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

const transactions = ({ book, clock: time }: SimulatorParts): Html => {
  const now = time.now();
  const done = book
    .all()
    .reverse()
    .filter(({ status }) => status !== 'pending');
  return html`<h2>Transactions <small>${done.length} that wait for nobody</small></h2>
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

const notifications = ({ outbox, clock: time }: SimulatorParts): Html => {
  const now = time.now();
  const all = outbox.all().reverse();
  const due = all.filter(({ dueAt }) => dueAt !== null).length;
  return html`<h2>Notifications <small>${all.length} in all, ${due} still due</small></h2>
    <div class="card table">
      <table>
        <thead>
          <tr>
            <th>What</th>
            <th>Where to</th>
            <th>Answers</th>
            <th>State</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${
            all.length === 0 &&
            html`<tr>
              <td colspan="5" class="empty">None yet</td>
            </tr>`
          }
          ${all.slice(0, shownMax).map((notification) => notificationRow(notification, now))}
        </tbody>
      </table>
    </div>`;
};

const notificationRow = (notification: Notification, now: number): Html => {
  const { id, event, orderId, subjectId, url, attempts, createdAt, body } = notification;
  return html`<tr>
    <td>
      <details id="notification-${id}">
        <summary>
          <strong>${event.replaceAll('_', ' ')}</strong> <code>${orderId ?? subjectId}</code>
          <span class="soft">${timeForPeople(createdAt, now)}</span>
        </summary>
        <pre>${prettyJson(body)}</pre>
      </details>
    </td>
    <td><code>${url}</code></td>
    <td>
      ${attempts.length === 0 ? '-' : attempts.map(({ status, error, tookMs }) => html`<div>${status ?? error} <span class="soft">${tookMs} ms</span></div>`)}
    </td>
    <td>${deliveryBadge(notification, now)}</td>
    <td class="right"><button class="small" data-path="/_simulator/notifications/${id}/resend">Send again</button></td>
  </tr>`;
};

const deliveryBadge = ({ state, dueAt, attempts }: Notification, now: number): Html => {
  if (state === 'delivered') return badge('delivered', 'good');
  if (state === 'lost') return badge('lost on purpose', 'warn');
  if (state === 'failed') return badge('given up', 'bad');
  return badge(`${attempts.length > 0 ? 'again' : 'due'} ${untilForPeople(dueAt ?? now, now)}`, 'warn');
};

/** Through lossless-json, so that a number beyond 2^53 is shown as it was sent. */
const prettyJson = (body: string): string => stringify(parse(body), undefined, 2) ?? body;

const faults = ({ httpFaults, notificationFaults }: SimulatorParts): Html => {
  const { duplicate, reorder, lose, delayMs } = notificationFaults.current();
  const inForce = httpFaults.all();
  const none = inForce.length === 0 && duplicate + reorder + lose + delayMs === 0;
  return html`<h2>Faults <small>${none ? 'none in force' : 'in force'}</small></h2>
    ${
      !none &&
      html`<div class="card">
        <ul>
          ${inForce.map(faultLine)}
          ${duplicate + reorder + lose + delayMs > 0 && html`<li>notifications: duplicate ${duplicate}, reorder ${reorder}, lose ${lose}, delay ${delayMs} ms</li>`}
        </ul>
        <button class="small" data-path="/_simulator/faults" data-method="DELETE">Clear all faults</button>
      </div>`
    }`;
};

const faultLine = ({ path, kind, probability, status, delayMs, timesLeft }: HttpFault): Html =>
  html`<li>
    <code>${path}</code>
    ${kind.replaceAll('_', ' ')}${(kind === 'status' || kind === 'html') && ` ${status}`}${kind === 'delay' && ` ${delayMs} ms`},
    with probability ${probability}${timesLeft !== null && `, ${timesLeft} more times`}
  </li>`;

const faultForm = html`<div class="card" style="margin-top:12px">
  <form id="fault" class="line">
    <label>Path prefix<input name="path" value="/v2/charge" required /></label>
    <label
      >What goes wrong<select name="kind">
        <option value="delay">slow answer</option>
        <option value="status">error status</option>
        <option value="html">HTML instead of JSON</option>
        <option value="drop_before">connection lost before the work</option>
        <option value="drop_after_commit">connection lost after the commit</option>
      </select></label
    >
    <label>Status or milliseconds<input name="number" inputmode="numeric" size="6" /></label>
    <label>Probability<input name="probability" value="1" inputmode="decimal" size="4" /></label>
    <label>Times<input name="times" inputmode="numeric" placeholder="always" size="6" /></label>
    <button type="submit">Add fault</button>
  </form>
</div>`;
