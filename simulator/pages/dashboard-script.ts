/** The dashboard's script: buttons call the controls, and the lists follow what happens. */
export const dashboardScript = `
const live = document.getElementById('live');
const toast = document.getElementById('toast');

const say = (text) => {
  toast.textContent = text;
  toast.classList.add('shown');
  setTimeout(() => toast.classList.remove('shown'), 4000);
};

const refresh = async () => {
  const response = await fetch(location.pathname, { headers: { accept: 'text/html' } });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('live');
  if (!fresh || fresh.innerHTML === live.dataset.last) return;
  live.dataset.last = fresh.innerHTML;
  const open = new Set([...live.querySelectorAll('details[open]')].map(({ id }) => id));
  live.replaceChildren(...fresh.childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
};

const call = async (method, path, body) => {
  const options = { method, headers: { 'content-type': 'application/json' } };
  if (body !== undefined) options.body = JSON.stringify(body);
  const response = await fetch(path, options);
  if (response.ok) return refresh();
  const text = await response.text();
  let message = text;
  try { message = JSON.parse(text).message ?? text; } catch { /* plain text */ }
  say(message);
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-path]');
  if (!button) return;
  const { path, method = 'POST', body, ask, confirm: question } = button.dataset;
  if (question && !confirm(question)) return;
  if (ask) {
    const amount = prompt(ask);
    if (!amount) return;
    return void call(method, path, { amount: Number(amount) });
  }
  void call(method, path, body === undefined ? undefined : JSON.parse(body));
});

document.getElementById('fault')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const { path, trouble, probability, number, times, late } = Object.fromEntries(new FormData(event.target));
  const { dataset } = event.target.elements.trouble.selectedOptions[0];
  const body = { path, probability: Number(probability), ...JSON.parse(trouble) };
  if (times) body.times = Number(times);
  if (number && dataset.number) body[dataset.number] = Number(number);
  if (late && dataset.late) body.after_commit = true;
  void call('POST', '/_simulator/faults', body);
});

setInterval(() => { if (!document.hidden) refresh().catch(() => undefined); }, 2000);
`;
