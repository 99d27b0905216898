import type { SimulatorOptions } from '../../simulator/simulator-options.js';
import { MidtransBetween } from './midtrans-between.js';
import { PaymentsClient } from './payments-client.js';
import { SimulatorHand } from './simulator-hand.js';
import { serviceFor, tokenOf, type ServiceUnderTest } from './start-service.js';

/** Service and simulator of one test file, knowing each other, with something between them that can let calls go wrong. */
export interface Shop {
  readonly simulator: SimulatorHand;
  readonly between: MidtransBetween;
  readonly under: ServiceUnderTest;
  /** A clerk who may do everything with payments, and makes them in his own name. */
  readonly clerk: PaymentsClient;
  close(): Promise<void>;
}

export const openShop = async (
  variables: Readonly<Record<string, string>> = {},
  options: SimulatorOptions = {},
): Promise<Shop> => {
  const between = await MidtransBetween.start();
  const under = await serviceFor(between.url, variables);
  const notificationUrl = `${under.url}/payments/webhooks/midtrans`;
  const simulator = await SimulatorHand.start({ notificationUrl, ...options });
  between.leadTo(simulator.url);
  const clerk = new PaymentsClient(under.url, await tokenOf('u-1', 'customer', 'finance'));
  const close = async () => {
    await simulator.close();
    await under.close();
    await between.stop();
  };
  return { simulator, between, under, clerk, close };
};
