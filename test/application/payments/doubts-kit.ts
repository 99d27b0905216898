import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Container } from 'inversify';
import { AesPersonalData } from '../../../src/adapters/crypto/aes-personal-data.js';
import { openDataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';
import { systemCause } from '../../../src/application/audit/cause.js';
import { LeftWork } from '../../../src/application/followers/left-work.js';
import { PaymentMethods } from '../../../src/application/methods/payment-methods.js';
import { ParkedKeys } from '../../../src/application/parking/parked-keys.js';
import { ActOnPayment } from '../../../src/application/payments/act-on-payment.js';
import type { CarriedOut } from '../../../src/application/payments/carried-out.js';
import { DoubtResolver } from '../../../src/application/payments/doubt-resolver.js';
import { FindPayments } from '../../../src/application/payments/find-payments.js';
import { GatewayLooks } from '../../../src/application/payments/gateway-looks.js';
import { MakePayment, type MadePayment, type PaymentRequest } from '../../../src/application/payments/make-payment.js';
import type { PaymentFold } from '../../../src/application/payments/payment-fold.js';
import { paymentIdOf, paymentStreamPrefix } from '../../../src/application/payments/payment-identity.js';
import { PaymentHistories } from '../../../src/application/payments/payment-histories.js';
import { paymentProjection } from '../../../src/application/payments/payment-projection.js';
import { paymentView, type PaymentView } from '../../../src/application/payments/payment-view.js';
import { RefundPayment } from '../../../src/application/payments/refund-payment.js';
import { SyncPayment, type Synced } from '../../../src/application/payments/sync-payment.js';
import type { Clock } from '../../../src/application/ports/clock.js';
import type { FeedPosition } from '../../../src/application/ports/event-feed.js';
import type { EventLog, StoredEvent } from '../../../src/application/ports/event-log.js';
import { Projector } from '../../../src/application/projections/projector.js';
import type { Provider } from '../../../src/domain/methods/providers.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { orderId, refundKey, transactionId, wishId, type PaymentId } from '../../../src/domain/payments/identity.js';
import type { ActionName } from '../../../src/domain/payments/stages.js';
import { after, type Instant } from '../../../src/domain/time/instant.js';
import type { MidtransClient } from '../../../src/adapters/midtrans/client.js';
import { bindAdapters } from '../../../src/infrastructure/adapters.js';
import { readConfig, inMemory } from '../../../src/infrastructure/config.js';
import { bindUseCases } from '../../../src/infrastructure/container.js';
import { Port } from '../../../src/infrastructure/ports.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { MidtransBetween } from '../../service/midtrans-between.js';
import { SimulatorHand } from '../../service/simulator-hand.js';
import { clientKey, secret, serverKey } from '../../service/start-service.js';
import { until } from '../../service/until.js';

/** The system's clock, that a test can push on: hours of doubt pass in no time. */
class PushedClock implements Clock {
  private readonly clock = new SystemClock();
  private aheadMs = 0;

  now(): Instant {
    return after(this.clock.now(), this.aheadMs);
  }

  monotonicMs(): number {
    return this.clock.monotonicMs() + this.aheadMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.clock.sleep(ms, signal);
  }

  push(ms: number): void {
    this.aheadMs += ms;
  }
}

const holdingUp = (log: EventLog, hold: () => void): EventLog => ({
  logId: log.logId,
  read: (...args) => log.read(...args),
  async append(...args) {
    const appended = await log.append(...args);
    hold();
    return appended;
  },
});

/** Calls end within three quarters of a second, so that a lost one is soon given up. */
export const answerWithinMs = 900;

const cause = systemCause('test', 'correlation-1');

/** Use cases, stores in memory, resolver and read model of one service, against the simulator. Nothing runs by itself. */
export class ServiceInDoubt {
  readonly journal = new MemoryJournal();
  readonly clock = new PushedClock();
  private readonly container = new Container();
  private readonly stores = openDataFolder({ folder: inMemory });
  private readonly midtransClient: MidtransClient;
  private readonly projector: Projector<PaymentFold>;
  private position: FeedPosition = 'start';
  private holdsUpForMs = 0;

  constructor(midtransUrl: string) {
    const config = readConfig({
      ENVIRONMENT: 'test',
      DATA_DIR: inMemory,
      MIDTRANS_ENVIRONMENT: 'mock',
      MIDTRANS_MOCK_URL: midtransUrl,
      MIDTRANS_SERVER_KEY: serverKey,
      MIDTRANS_CLIENT_KEY: clientKey,
      JWT_SECRET: secret,
      DURATIONS_FOR_TESTS: JSON.stringify({ answerWithinMs }),
    });
    this.midtransClient = bindAdapters(this.container, config, this.stores, this.journal);
    this.container.rebind(Port.clock).toConstantValue(this.clock);
    this.container.rebind(Port.eventLog).toConstantValue(holdingUp(this.stores.eventLog, () => this.heldUp()));
    const personalData = new AesPersonalData(this.stores.wrappedKeys, config.encryptionKeys, this.clock);
    this.container.rebind(Port.personalData).toConstantValue(personalData);
    bindUseCases(this.container);
    const { documents, eventLog } = this.stores;
    const parkedKeys = this.container.get(ParkedKeys);
    this.projector = new Projector(paymentProjection(config.durations), documents, eventLog, parkedKeys);
  }

  /** Whoever writes next goes on only so long after. */
  holdUpTheNext(ms: number): void {
    this.holdsUpForMs = ms;
  }

  private heldUp(): void {
    this.clock.push(this.holdsUpForMs);
    this.holdsUpForMs = 0;
  }

  async close(): Promise<void> {
    await this.midtransClient.close();
    this.stores.close();
  }

  make(provider: Provider, order: string, change: Partial<PaymentRequest> = {}): Promise<MadePayment> {
    const request: PaymentRequest = {
      orderId: orderId(order),
      userId: 'u-1',
      provider,
      amount: rupiah(50_000),
      details: {},
      customerDetails: { first_name: 'Budi', phone: '081211111111' },
      itemDetails: null,
      metadata: null,
      expiry: null,
      wishId: this.freshWish('charge'),
      ...change,
    };
    return this.container.get(MakePayment).execute(request, cause);
  }

  act(action: ActionName, order: string, amount: number | null = null): Promise<CarriedOut> {
    const wish = this.freshWish('action');
    const request = { paymentId: paymentIdOf(orderId(order)), action, wishId: wish, reason: null, onlyPending: false };
    return this.container
      .get(ActOnPayment)
      .execute({ ...request, amount: amount === null ? null : rupiah(amount) }, cause);
  }

  refund(order: string, key: string, amount: number | null = null): Promise<CarriedOut> {
    const wish = { refundKey: refundKey(key), wishId: this.freshWish('refund'), reason: 'broken' };
    const request = { paymentId: paymentIdOf(orderId(order)), ...wish };
    return this.container
      .get(RefundPayment)
      .execute({ ...request, amount: amount === null ? null : rupiah(amount) }, cause);
  }

  sync(order: string, reason: string | null = null): Promise<Synced> {
    return this.container.get(SyncPayment).execute(paymentIdOf(orderId(order)), reason, cause);
  }

  async offer(provider: Provider, enabled: boolean): Promise<void> {
    await this.container.get(PaymentMethods).change({ provider, enabled, config: null }, cause);
  }

  /** What a notification that names this transaction sets off. */
  async notified(order: string, id: string): Promise<void> {
    const { state, revision } = await this.container.get(PaymentHistories).read(this.idOf(order));
    if (state.phase === 'new' || revision === 'none') throw new Error(`${order} is not there`);
    const payment = { id: this.idOf(order), state, revision };
    await this.container.get(GatewayLooks).lookAt(transactionId(id), payment, cause);
  }

  /** Destroys the key of the customer that all payments here are of. */
  async erase(): Promise<void> {
    await this.stores.wrappedKeys.destroy('customer:u-1');
    this.clock.push(minutes(1));
  }

  /** One round of the resolver, on a read model that has caught up before and after. */
  async round(resolver = this.container.get(DoubtResolver), signal = new AbortController().signal): Promise<void> {
    await this.catchUp();
    await resolver.round(signal);
    await this.catchUp();
  }

  /** A round that is put down as soon as `begun` is so; `ended` resolves with the calls that it has left under way. */
  async roundPutDown(begun: () => boolean): Promise<{ readonly ended: Promise<void> }> {
    const lost = new AbortController();
    const round = this.round(undefined, lost.signal);
    await until('the round has begun', begun);
    lost.abort();
    await round;
    return { ended: this.container.get(LeftWork).ended() };
  }

  /** Time passes, and the resolver gets its round. */
  async roundAfter(ms: number): Promise<void> {
    this.clock.push(ms);
    await this.round();
  }

  /** The resolver of another process, which remembers nothing of what this one's has tried. */
  anotherResolver(): DoubtResolver {
    return bindUseCases(new Container({ parent: this.container })).get(DoubtResolver);
  }

  async catchUp(): Promise<void> {
    const page = await this.stores.eventFeed.readAfter(this.position, {
      streamPrefixes: [paymentStreamPrefix],
    });
    await this.projector.handle(page.events);
    this.position = page.position;
  }

  events(order: string): Promise<readonly StoredEvent[]> {
    return this.container.get(FindPayments).events(this.idOf(order));
  }

  async types(order: string): Promise<readonly string[]> {
    return (await this.events(order)).map(({ type }) => type);
  }

  async view(order: string): Promise<PaymentView> {
    await this.catchUp();
    const found = await this.container.get(FindPayments).byId(this.idOf(order), 0);
    if (!found || found === 'beyond') throw new Error(`${order} is not there`);
    return paymentView(found.document, found.revision, this.container.get(Port.personalData));
  }

  alarms(): readonly string[] {
    return this.journal.entries.filter(({ level }) => level === 'alarm').map(({ fields }) => String(fields['alarm']));
  }

  private idOf(order: string): PaymentId {
    return paymentIdOf(orderId(order));
  }

  private freshWish(what: string) {
    return wishId(`${what}-${randomUUID()}`);
  }
}

/** Everything of one test file: a simulator, what stands before it, and a service for each test. */
export interface Surroundings {
  readonly simulator: SimulatorHand;
  readonly between: MidtransBetween;
  stop(): Promise<void>;
}

export const surroundings = async (): Promise<Surroundings> => {
  const simulator = await SimulatorHand.start();
  const between = await MidtransBetween.start(simulator.url);
  const stop = async () => {
    await between.stop();
    await simulator.close();
  };
  return { simulator, between, stop };
};

export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;
