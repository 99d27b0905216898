import { cardsOnOffer } from '../cards/test-cards.js';
import { ruleOf } from '../methods/method-rules.js';
import type { SnapPage } from '../snap/snap-desk.js';
import { enabledMethods, fitsAmount, snapMethods } from '../snap/snap-methods.js';
import type { SnapMethod } from '../snap/snap-methods.js';
import type { Transaction } from '../transactions/transaction.js';
import type { Html } from './html.js';
import { html } from './html.js';
import { customerPage } from './layout.js';
import { customerPath, paymentNumbers, qrPath } from './payment-facts.js';
import { outcome } from './payment-page.js';
import { rupiahForPeople } from './words.js';

const head = ({ orderId, grossAmount, request }: SnapPage): Html =>
  html`<p class="soft">Order <code>${orderId}</code></p>
    <p class="amount">${rupiahForPeople(grossAmount)}</p>
    ${
      request.item_details &&
      html`<details>
        <summary class="soft">${itemCount(request.item_details.length)}</summary>
        <dl class="facts">
          ${request.item_details.map(
            ({ name, quantity, price }) =>
              html`<dt>${name} × ${quantity}</dt>
                <dd>${rupiahForPeople(price * quantity)}</dd>`,
          )}
        </dl>
      </details>`
    }`;

const methodLabel = (method: SnapMethod): string =>
  method === 'google_pay' ? 'Google Pay' : ruleOf(snapMethods[method]).label;

/** The page on which the customer picks a method. */
export const pickPage = (page: SnapPage, complaint: string | undefined, denied: boolean): Html =>
  customerPage(
    'Pay',
    html`<h1>How do you want to pay?</h1>
      ${head(page)}
      ${denied && html`<p class="notice bad">The last attempt was not paid. Try again, or another way.</p>`}
      ${complaint !== undefined && html`<p class="notice bad">${complaint}</p>`}
      <form method="post" action="/snap/v3/redirection/${page.token}" class="pick">
        ${enabledMethods(page.request)
          .filter((method) => fitsAmount(method, page.grossAmount))
          .map((method) => html`<button name="method" value="${method}">${methodLabel(method)}</button>`)}
      </form>`,
  );

/** Where the card is typed in. */
export const cardPage = (page: SnapPage, complaint: string | undefined): Html => {
  const terms = Object.entries(page.request.credit_card?.installment?.terms ?? {}).flatMap(([bank, months]) =>
    months.map((term) => ({ bank, term })),
  );
  return customerPage(
    'Pay by card',
    html`<h1>Card</h1>
      ${head(page)} ${complaint !== undefined && html`<p class="notice bad">${complaint}</p>`}
      <form method="post" action="/snap/v3/redirection/${page.token}" class="stack">
        <input type="hidden" name="method" value="credit_card" />
        <label
          >Card number<input
            name="card_number"
            list="cards"
            value="${cardsOnOffer[0]?.number ?? ''}"
            inputmode="numeric"
            autocomplete="cc-number"
            required
        /></label>
        <datalist id="cards">
          ${cardsOnOffer.map(({ number, label }) => html`<option value="${number}">${label}</option>`)}
        </datalist>
        <div class="two">
          <label>Expires (MM/YY)<input name="card_expiry" value="12/39" autocomplete="cc-exp" required /></label>
          <label>CVV<input name="card_cvv" value="123" inputmode="numeric" autocomplete="cc-csc" required /></label>
        </div>
        ${
          terms.length > 0 &&
          html`<label
            >Installments<select name="installment_term">
              <option value="">pay at once</option>
              ${terms.map(({ bank, term }) => html`<option value="${term}">${term} months (${bank})</option>`)}
            </select></label
          >`
        }
        <button class="main wide">Pay ${rupiahForPeople(page.grossAmount)}</button>
      </form>
      <p class="soft">Only the sandbox's test cards are known here; any other is denied.</p>
      <p><a class="soft" href="/snap/v3/redirection/${page.token}">Another way to pay</a></p>`,
  );
};

/** A method is picked; the customer has still to pay, also after a refusal that nobody is told of. */
export const waitingPage = (page: SnapPage, attempt: Transaction, refused: boolean): Html => {
  const link = customerPath(attempt);
  const qr = qrPath(attempt);
  return customerPage(
    'Pay',
    html`<h1>${ruleOf(attempt.method).label}</h1>
      ${head(page)}
      ${refused && html`<p class="notice">Nothing is paid, and the shop is not told. You can still pay.</p>`}
      ${qr !== undefined && html`<img class="qr" src="${qr}" alt="QR code" />`}
      <dl class="facts">${paymentNumbers(attempt)}</dl>
      ${link !== undefined && html`<p><a class="button wide" href="${link}">${attempt.card ? "Go to your bank's page" : 'Open the app'}</a></p>`}
      <form method="post" action="/snap/v3/redirection/${page.token}" class="stack">
        <button class="main wide" name="do" value="pay">Pay now</button>
        <button class="wide bad" name="do" value="deny">Refuse</button>
      </form>`,
  );
};

/** Paid, or over. */
export const endPage = (page: SnapPage, attempt: Transaction | undefined, finishUrl: string | undefined): Html =>
  customerPage(
    'Payment',
    html`<h1>${attempt ? ruleOf(attempt.method).label : 'This page has ended'}</h1>
      ${head(page)} ${attempt ? outcome(attempt, finishUrl) : html`<p class="notice">It was ${page.state}.</p>`}`,
  );

const itemCount = (count: number): string => (count === 1 ? '1 item' : `${count} items`);
