import type { HttpFault } from '../faults/http-faults.js';
import type { Feature } from '../methods/activations.js';
import { features } from '../methods/activations.js';
import { ruleOf } from '../methods/method-rules.js';
import type { SimulatorParts } from '../simulator-parts.js';
import type { Html } from './html.js';
import { html } from './html.js';

/** What goes wrong on purpose. */
export const faultsSection = ({ httpFaults, notificationFaults, activations }: SimulatorParts): Html => {
  const { duplicate, reorder, lose, delayMs } = notificationFaults.current();
  const inForce = httpFaults.all();
  const none = inForce.length === 0 && duplicate + reorder + lose + delayMs === 0;
  const inactive = features.filter((feature) => activations.deactivation(feature));
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
    }
    ${inactive.length > 0 && html`<div class="card below">${inactive.map(inactiveLine)}</div>`}`;
};

const inactiveLine = (feature: Feature): Html =>
  html`<div class="bar">
    <span class="grow">${feature === 'points' ? 'Points of cards' : ruleOf(feature).label}: not activated</span>
    <button class="small" data-path="/_simulator/methods/${feature}/activate">Activate</button>
  </div>`;

const faultLine = (fault: HttpFault): Html =>
  html`<li>
    <code>${fault.path}</code> ${troubleWords(fault)}, with probability
    ${fault.probability}${fault.timesLeft !== null && `, ${fault.timesLeft} more times`}
  </li>`;

const troubleWords = (fault: HttpFault): string => {
  switch (fault.kind) {
    case 'delay':
      return `delay ${fault.delayMs} ms`;
    case 'status': {
      const inBody = fault.bodyStatus === null ? '' : ` with ${fault.bodyStatus} in the body`;
      return `HTTP ${fault.status}${inBody}${when(fault)}`;
    }
    case 'html':
    case 'empty':
      return `${fault.kind} ${fault.status}${when(fault)}`;
    case 'refuse':
      return fault.because === 'bank' ? 'refused by the bank' : 'refused, balance too low';
    case 'drop_before':
    case 'drop_after_commit':
      return fault.kind.replaceAll('_', ' ');
  }
};

const when = ({ afterCommit }: { readonly afterCommit: boolean }): string => (afterCommit ? ' after the commit' : '');

/** What can be asked for, what its number means, and whether it can come after the work was committed. */
const troubles: readonly {
  readonly label: string;
  readonly fault: Readonly<Record<string, string>>;
  readonly number?: 'delay_ms' | 'status' | 'body_status';
  readonly canComeLate?: boolean;
}[] = [
  { label: 'slow answer', fault: { kind: 'delay' }, number: 'delay_ms' },
  { label: 'error status', fault: { kind: 'status' }, number: 'status', canComeLate: true },
  { label: 'error in the body of HTTP 200', fault: { kind: 'status' }, number: 'body_status', canComeLate: true },
  { label: 'HTML instead of JSON', fault: { kind: 'html' }, number: 'status', canComeLate: true },
  { label: 'empty answer', fault: { kind: 'empty' }, number: 'status', canComeLate: true },
  { label: 'connection lost before the work', fault: { kind: 'drop_before' } },
  { label: 'connection lost after the commit', fault: { kind: 'drop_after_commit' } },
  { label: 'capture or refund refused by the bank', fault: { kind: 'refuse', because: 'bank' } },
  { label: 'refund refused: balance too low', fault: { kind: 'refuse', because: 'balance' } },
];

/** Stays as it is typed while the lists around it follow what happens. */
export const faultForm = html`<div class="card below">
  <form id="fault" class="line">
    <label>Path prefix<input name="path" value="/v2/charge" required /></label>
    <label
      >What goes wrong<select name="trouble">
        ${troubles.map(
          ({ label, fault, number, canComeLate }) =>
            html`<option value="${JSON.stringify(fault)}" data-number="${number}" data-late="${canComeLate && 'yes'}">
              ${label}
            </option>`,
        )}
      </select></label
    >
    <label>Status or milliseconds<input name="number" inputmode="numeric" size="6" /></label>
    <label>Probability<input name="probability" value="1" inputmode="decimal" size="4" /></label>
    <label>Times<input name="times" inputmode="numeric" placeholder="always" size="6" /></label>
    <label class="tick"><input name="late" type="checkbox" />after the commit</label>
    <button type="submit">Add fault</button>
  </form>
</div>`;
