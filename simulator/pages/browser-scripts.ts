/**
 * The card script a shop's page loads (`/v2/assets/js/midtrans-new-3ds.min.js`): `MidtransNew3ds` with `getCardToken`,
 * `authenticate` and `redirect`, as in Midtrans' own.
 */
export const cardScript = `
(() => {
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const clientKey = script.dataset.clientKey;

  const getCardToken = (card, { onSuccess, onFailure }) =>
    fetch(origin + '/v2/token?' + new URLSearchParams({ client_key: clientKey, ...card }))
      .then((response) => response.json())
      .then((answer) => (answer.status_code === '200' ? onSuccess(answer) : onFailure(answer)), onFailure);

  const authenticate = (url, { performAuthentication, onSuccess, onFailure, onPending }) => {
    const listen = ({ origin: from, data }) => {
      if (from !== origin || !data.transaction_status) return;
      removeEventListener('message', listen);
      const { transaction_status: status } = data;
      if (status === 'pending') return onPending?.(data);
      (status === 'capture' || status === 'authorize' ? onSuccess : onFailure)?.(data);
    };
    addEventListener('message', listen);
    performAuthentication(url);
  };

  const redirect = (url, { callbackUrl } = {}) => {
    location.href = callbackUrl ? url + '?callback_url=' + encodeURIComponent(callbackUrl) : url;
  };

  window.MidtransNew3ds = { getCardToken, authenticate, redirect };
})();
`;

/** `snap.js`: `snap.pay(token)` opens the page in a frame and tells what came of it. */
export const snapScript = `
(() => {
  const origin = new URL(document.currentScript.src).origin;

  const pay = (token, { onSuccess, onPending, onError, onClose } = {}) => {
    const veil = document.createElement('div');
    veil.style = 'position:fixed;inset:0;background:rgba(0,0,0,.5);z-index:99999;display:grid;place-items:center';
    const frame = document.createElement('iframe');
    frame.src = origin + '/snap/v3/redirection/' + encodeURIComponent(token);
    frame.style = 'width:min(480px,100vw);height:min(720px,100vh);border:0;border-radius:14px;background:#fff';
    let last;
    const listen = ({ origin: from, data }) => {
      if (from === origin && data.transaction_status) last = data;
    };
    const close = () => {
      removeEventListener('message', listen);
      veil.remove();
      if (!last) return onClose?.();
      if (last.transaction_status === 'pending') return onPending?.(last);
      (['settlement', 'capture', 'authorize'].includes(last.transaction_status) ? onSuccess : onError)?.(last);
    };
    addEventListener('message', listen);
    veil.addEventListener('click', close);
    veil.append(frame);
    document.body.append(veil);
  };

  window.snap = { pay, hide: () => undefined };
})();
`;
