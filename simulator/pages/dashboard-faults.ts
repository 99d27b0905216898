import type { HttpFault } from '../faults/http-faults.js';
import type { SimulatorParts } from '../simulator-parts.js';
import type { Html } from './html.js';
import { html } from './html.js';

/** What goes wrong on purpose. */
export const faultsSection = ({ httpFaults, notificationFaults }: SimulatorParts): Html => {
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

/** Stays as it is typed while the lists around it follow what happens. */
export const faultForm = html`<div class="card below">
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
