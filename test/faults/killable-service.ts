import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { rmSync } from 'node:fs';
import { freshFolder } from '../adapters/embedded/open-folder.js';
import { asText } from '../service/caller.js';
import { MidtransBetween } from '../service/midtrans-between.js';
import { PaymentsClient } from '../service/payments-client.js';
import { SimulatorHand } from '../service/simulator-hand.js';
import { tokenOf } from '../service/start-service.js';
import { until } from '../service/until.js';
import { compiledService, freePort, ServiceProcess } from './service-process.js';

const shorter = {
  answerWithinMs: 1_500,
  lookAfterMs: [0, 200, 500, 900],
  lookEveryMs: 500,
  absenceCountsAfterMs: 2_000,
  absenceRepeatedAfterMs: 200,
};

/** The service's own process on data of its own for each test, to be killed at the worst moments and started again. */
export class KillableService {
  order = '';
  folder = '';
  private orders = 0;
  private running: ServiceProcess | undefined;

  private constructor(
    readonly script: string,
    readonly port: number,
    readonly simulator: SimulatorHand,
    readonly between: MidtransBetween,
    readonly client: PaymentsClient,
  ) {}

  static async prepare(script: string): Promise<KillableService> {
    const port = await freePort();
    const between = await MidtransBetween.start();
    const notificationUrl = `http://127.0.0.1:${port}/payments/webhooks/midtrans`;
    const simulator = await SimulatorHand.start({ notificationUrl });
    between.leadTo(simulator.url);
    const client = new PaymentsClient(`http://127.0.0.1:${port}`, await tokenOf('u-1', 'customer', 'finance'));
    return new KillableService(script, port, simulator, between, client);
  }

  /** On empty data, with nothing gone wrong yet. */
  async anew(): Promise<void> {
    this.orders += 1;
    this.order = `crash-${this.orders}`;
    this.folder = freshFolder();
    this.between.heal();
    this.between.seen.length = 0;
    await this.simulator.noFaults();
    await this.begin();
  }

  /** Again, on what the last one left. */
  async begin(): Promise<void> {
    this.between.heal();
    this.running = await ServiceProcess.spawn(this.script, this.port, {
      DATA_DIR: this.folder,
      MIDTRANS_MOCK_URL: this.between.url,
      DURATIONS_FOR_TESTS: JSON.stringify(shorter),
    }).listening();
  }

  async kill(): Promise<void> {
    await this.running?.end('SIGKILL');
  }

  /** Answers its exit status. */
  async stop(): Promise<number | null | undefined> {
    return this.running?.end('SIGTERM');
  }

  async putAway(): Promise<void> {
    await this.simulator.close();
    await this.between.stop();
  }

  async idOfOrder(): Promise<string> {
    return asText((await this.client.byOrder(this.order))['id']);
  }

  arrived(path: RegExp, method: 'GET' | 'POST' = 'POST'): Promise<true> {
    return until(`a call of ${path.source}`, () => this.between.sent(method, path).length > 0);
  }
}

/** One for all tests of a file. */
export const withKillableService = (): (() => KillableService) => {
  let service: KillableService | undefined;
  let folder = '';
  const given = (): KillableService => {
    if (!service) throw new Error('The service was not prepared');
    return service;
  };
  beforeAll(async () => {
    const compiled = compiledService();
    folder = compiled.folder;
    service = await KillableService.prepare(compiled.path);
  });
  beforeEach(() => given().anew());
  afterEach(() => given().kill());
  afterAll(async () => {
    await given().putAway();
    rmSync(folder, { recursive: true });
  });
  return given;
};

/** A request whose caller never hears of it. */
export const unheard = (request: Promise<unknown>): void => void request.catch(() => undefined);

export const charge = /^\/v2\/charge$/;
export const page = /^\/snap\/v1\/transactions$/;
export const refund = /\/refund$/;
export const status = /\/status$/;
