/** Origins (scheme, host, port; no path) of the three doors of Midtrans (midtrans-facts 1.1, 3.10). */
export interface MidtransHosts {
  /** Charge, status and every action. */
  readonly core: string;
  /** Pages on which the customer picks a method. */
  readonly snap: string;
  /** Google Pay charges; all that follows one is asked of `core`. */
  readonly panapi: string;
  /** Turns a card into a token in the browser; `environment` is its `data-environment`. */
  readonly cardScript: { readonly url: string; readonly environment: 'sandbox' | 'production' };
}

const cardScriptPath = '/v2/assets/js/midtrans-new-3ds.min.js';
/** One file for both; the page says for which it is (midtrans-facts 1.1). */
const cardScript = `https://api.midtrans.com${cardScriptPath}`;

const sandbox: MidtransHosts = {
  core: 'https://api.sandbox.midtrans.com',
  snap: 'https://app.sandbox.midtrans.com',
  panapi: 'https://panapi.sandbox.midtrans.com',
  cardScript: { url: cardScript, environment: 'sandbox' },
};

const production: MidtransHosts = {
  core: 'https://api.midtrans.com',
  snap: 'https://app.midtrans.com',
  panapi: 'https://panapi.midtrans.com',
  cardScript: { url: cardScript, environment: 'production' },
};

const mock = (mockUrl: string): MidtransHosts => {
  const { origin } = new URL(mockUrl);
  const script = { url: `${origin}${cardScriptPath}`, environment: 'sandbox' } as const;
  return { core: origin, snap: origin, panapi: origin, cardScript: script };
};

/** The environments differ in hosts and keys only (design D12). `mockUrl`: where the simulator listens, used under `mock`. */
export const midtransHosts = (environment: 'mock' | 'sandbox' | 'production', mockUrl: string): MidtransHosts =>
  environment === 'mock' ? mock(mockUrl) : { sandbox, production }[environment];
