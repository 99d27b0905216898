import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { sendUnaryData, ServiceError } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { EventStore } from './event-store.js';
import { Faults } from './faults.js';
import type { Fault } from './faults.js';
import { refusal } from './messages.js';
import { count } from './node.js';
import type { Counted, Endpoint, Node } from './node.js';
import { answerRead } from './reading.js';
import { answerAppend, answerBatchAppends, answerRemoval } from './writing.js';

/** As Kestrel, which carries EventStoreDB, has it. */
const serverOptions = {
  'grpc.max_concurrent_streams': 100,
  'grpc.max_receive_message_length': 17 * 1024 * 1024,
};

const host = '127.0.0.1';

/** Whoever asks shall not take it for a real one. */
const version = '24.6.0 (stand-in, in memory)';

/** TLS, and the only user that there is. */
export interface Secured {
  readonly privateKey: Buffer;
  readonly certificate: Buffer;
  readonly user: string;
  readonly password: string;
}

export interface TestEventStoreDbOptions {
  /** 0, the default: any that is free. */
  readonly port?: number;
  /** Another node of the same cluster: it leads, this one follows and has the same events. */
  readonly leader?: TestEventStoreDb;
  /** false: as old as 21.6, an append needs a call of its own. */
  readonly sharesAppendCalls?: boolean;
  /** Default: neither TLS nor users. */
  readonly secured?: Secured;
}

/** A server that speaks EventStoreDB's protocol for the client that this service uses (README.md). Its events outlive a stop. */
export class TestEventStoreDb {
  readonly faults = new Faults();
  private readonly node: Node;
  private followers: readonly TestEventStoreDb[] = [];
  private server: Server | undefined;

  private constructor(
    private port: number,
    private leader: TestEventStoreDb | undefined,
    private readonly sharesAppendCalls: boolean,
    private readonly secured: Secured | undefined,
  ) {
    this.node = {
      store: leader?.node.store ?? new EventStore(),
      faults: this.faults,
      counts: new Map(),
      subscriptions: new Set(),
      appendCalls: new Set(),
      leader: () => this.leader?.endpoint,
      authorization: secured && basicOf(secured),
    };
    if (leader) leader.followers = [...leader.followers, this];
  }

  static async start(options: TestEventStoreDbOptions = {}): Promise<TestEventStoreDb> {
    const { port = 0, leader, sharesAppendCalls = true, secured } = options;
    const started = new TestEventStoreDb(port, leader, sharesAppendCalls, secured);
    await started.resume();
    return started;
  }

  get connectionString(): string {
    return `esdb://${host}:${this.port}?tls=${this.secured !== undefined}`;
  }

  get endpoint(): Endpoint {
    return { address: host, port: this.port };
  }

  countOf(what: Counted): number {
    return this.node.counts.get(what) ?? 0;
  }

  arm(fault: Fault): void {
    this.faults.arm(fault);
  }

  /** Ends every subscription that is open now. */
  dropSubscriptions(): void {
    for (const subscription of this.node.subscriptions) subscription.abort();
  }

  /** Ends every call that brings many appends, as if all were well. */
  endAppendCalls(): void {
    for (const call of this.node.appendCalls) call.end();
  }

  /** Elected: the one that led follows from now on. */
  lead(): void {
    const former = this.leader;
    if (!former) return;
    this.followers = [former, ...former.followers.filter((follower) => follower !== this)];
    former.followers = [];
    this.leader = undefined;
    for (const follower of this.followers) follower.leader = this;
  }

  /** Gone at once, as after `kill -9`; what was written stays. */
  async stop(): Promise<void> {
    this.dropSubscriptions();
    this.server?.forceShutdown();
    this.server = undefined;
    // The port is free when the listening socket has closed.
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Back on the same port. */
  async resume(): Promise<void> {
    const server = new Server(serverOptions);
    const { batchAppend, ...methods } = streamsService(this.node);
    server.addService(StreamsService, this.sharesAppendCalls ? { ...methods, batchAppend } : methods);
    server.addService(GossipService, { read: unary(() => this.gossip()) });
    server.addService(ServerFeaturesService, {
      getSupportedMethods: unary(() => supportedMethods(this.sharesAppendCalls)),
    });
    this.port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${host}:${this.port}`, credentialsOf(this.secured), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    this.server = server;
  }

  private gossip(): gossip.ClusterInfo {
    const leader = this.leader ?? this;
    count(this.node, 'Gossip');
    return new gossip.ClusterInfo().setMembersList(
      [leader, ...leader.followers].map((member) => member.asMember(member === leader)),
    );
  }

  private asMember(leads: boolean): gossip.MemberInfo {
    const { VNodeState } = gossip.MemberInfo;
    return new gossip.MemberInfo()
      .setInstanceId(new shared.UUID().setString(crypto.randomUUID()))
      .setState(leads ? VNodeState.LEADER : VNodeState.FOLLOWER)
      .setIsAlive(this.server !== undefined)
      .setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(this.port));
  }
}

const credentialsOf = (secured: Secured | undefined): ServerCredentials =>
  secured === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [{ private_key: secured.privateKey, cert_chain: secured.certificate }]);

const basicOf = ({ user, password }: Secured): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const streamsService = (node: Node): IStreamsServer => ({
  read: (call) => void answerRead(node, call),
  append: (call, callback) => void answered(() => answerAppend(node, call), callback),
  batchAppend: (call) => answerBatchAppends(node, call),
  delete: (call, callback) =>
    void answered(async () => {
      const options = call.request.getOptions() ?? new streams.DeleteReq.Options();
      const removed = await answerRemoval(node, 'delete', options, call.metadata);
      return new streams.DeleteResp().setPosition(
        new streams.DeleteResp.Position().setCommitPosition(removed).setPreparePosition(removed),
      );
    }, callback),
  tombstone: (call, callback) =>
    void answered(async () => {
      const options = call.request.getOptions() ?? new streams.TombstoneReq.Options();
      const removed = await answerRemoval(node, 'tombstone', options, call.metadata);
      return new streams.TombstoneResp().setPosition(
        new streams.TombstoneResp.Position().setCommitPosition(removed).setPreparePosition(removed),
      );
    }, callback),
});

const answered = async <T>(answer: () => Promise<T>, callback: sendUnaryData<T>): Promise<void> => {
  try {
    callback(null, await answer());
  } catch (error) {
    callback(asServiceError(error));
  }
};

/** A mistake of this server's own is told as one. */
const asServiceError = (error: unknown): ServiceError =>
  isServiceError(error) ? error : refusal(status.INTERNAL, String(error));

const isServiceError = (error: unknown): error is ServiceError => error instanceof Error && 'metadata' in error;

const unary =
  <T>(answer: () => T) =>
  (_call: unknown, callback: sendUnaryData<T>): void =>
    callback(null, answer());

const supportedMethods = (sharesAppendCalls: boolean): serverFeatures.SupportedMethods => {
  const known = Object.values(StreamsService).filter(
    (method) => sharesAppendCalls || method !== StreamsService.batchAppend,
  );
  const methods = known.map(({ path }) => {
    const [, service = '', method = ''] = path.split('/');
    return new serverFeatures.SupportedMethod().setServiceName(service).setMethodName(method.toLowerCase());
  });
  return new serverFeatures.SupportedMethods().setEventStoreServerVersion(version).setMethodsList(methods);
};
