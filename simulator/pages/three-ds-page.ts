import { rightOtp } from '../cards/three-ds.js';
import { textIn } from '../transactions/json-fields.js';
import type { Transaction } from '../transactions/transaction.js';
import type { Html } from './html.js';
import { html } from './html.js';
import { customerPage } from './layout.js';
import { rupiahForPeople } from './words.js';

/**
 * The issuing bank's page: asks for the one-time password, or lets the customer pass. `query` is carried along: it may name the way
 * back to the shop.
 */
export const threeDsPage = (transaction: Transaction, query: string, triesLeft: number | undefined): Html => {
  const { id, orderId, grossAmount, fields, card } = transaction;
  const asks = card?.threeDs?.challenge ?? false;
  return customerPage(
    'Your bank asks',
    html`<h1>${asks ? 'Is it you who pays?' : 'Your bank recognises you'}</h1>
      <p class="soft">3-D Secure</p>
      <p class="amount">${rupiahForPeople(grossAmount)}</p>
      <dl class="facts">
        <dt>Order</dt>
        <dd><code>${orderId}</code></dd>
        <dt>Card</dt>
        <dd class="number">${textIn(fields, 'masked_card')}</dd>
      </dl>
      ${triesLeft !== undefined && html`<p class="notice bad">That was not the password. ${triesLeft} ${triesLeft === 1 ? 'try' : 'tries'} left.</p>`}
      <form method="post" action="/v2/3ds/redirect/${id}${query}" class="stack">
        ${asks ? otpField : html`<p class="notice">This card passes without a question.</p>`}
        <button class="main wide" name="do" value="answer">${asks ? 'Confirm' : 'Go on'}</button>
      </form>
      <form method="post" action="/v2/3ds/redirect/${id}${query}" class="stack">
        <button class="wide" name="do" value="abandon">Cancel</button>
        <button class="wide bad" name="do" value="fail">Fail the check</button>
      </form>`,
  );
};

const otpField = html`<label
  >One-time password (${rightOtp} in this simulator)<input
    name="otp"
    inputmode="numeric"
    autocomplete="one-time-code"
    autofocus
    required
/></label>`;
