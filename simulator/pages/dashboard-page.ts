import { nextSettlementBatch, wibTime } from '../clock/wib-time.js';
import type { SimulatorParts } from '../simulator-parts.js';
import { faultForm, faultsSection } from './dashboard-faults.js';
import { notificationsSection } from './dashboard-notifications.js';
import { accountsSection, transactionsSection, waitingSection } from './dashboard-payments.js';
import type { Html } from './html.js';
import { html } from './html.js';
import { widePage } from './layout.js';

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
  html`${clock(parts)}${waitingSection(parts)}${accountsSection(parts)}${transactionsSection(parts)}${notificationsSection(parts)}${faultsSection(parts)}`;

const clock = ({ clock: time }: SimulatorParts): Html => {
  const now = time.now();
  const untilBatch = Math.ceil((nextSettlementBatch(now) - now) / 1_000);
  const ahead = Math.round(time.aheadMs / 60_000);
  return html`<div class="card bar">
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
