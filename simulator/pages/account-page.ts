import type { GopayAccount } from '../gopay-accounts/gopay-account.js';
import type { Html } from './html.js';
import { html } from './html.js';
import { customerPage } from './layout.js';

/** Where a customer links their GoPay account to the merchant. */
export const accountPage = ({ id, phone, status, redirectUrl }: GopayAccount): Html =>
  customerPage(
    'Link GoPay',
    html`<h1>Link your GoPay account</h1>
      <dl class="facts">
        <dt>Phone</dt>
        <dd class="number">${phone}</dd>
        <dt>State</dt>
        <dd>${status.toLowerCase()}</dd>
      </dl>
      ${
        status === 'PENDING'
          ? html`<form method="post" action="/gopay/accounts/${id}/link" class="stack">
              <button class="main wide">Link</button>
            </form>`
          : html`<p class="notice ${status === 'ENABLED' ? 'good' : ''}">This account is ${status.toLowerCase()}.</p>
              ${redirectUrl !== null && html`<p><a class="button main wide" href="${redirectUrl}">Back to the shop</a></p>`}`
      }`,
  );
