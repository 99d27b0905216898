import { parse, stringify } from 'lossless-json';
import type { Notification } from '../notifications/notification.js';
import type { SimulatorParts } from '../simulator-parts.js';
import { shownMax } from './dashboard-limits.js';
import type { Html } from './html.js';
import { html } from './html.js';
import { badge, timeForPeople, untilForPeople } from './words.js';

/** What the merchant was told, and how it answered. */
export const notificationsSection = ({ outbox, clock: time }: SimulatorParts): Html => {
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
