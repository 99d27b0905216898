import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * How a line is cut. `reset`: every connection ends at once, and so does each new one. `silent`: nothing passes, and nobody is told.
 * `answers-lost`: requests arrive and are carried out, their answers do not come back.
 */
export type Cut = 'reset' | 'silent' | 'answers-lost';

export const cuts: readonly Cut[] = ['reset', 'silent', 'answers-lost'];

interface Carried {
  readonly near: Socket;
  readonly far: Socket | undefined;
  /** Bytes of it were swallowed: what comes after them would make no sense. */
  isDamaged: boolean;
}

/** The wire between processes and a server on loopback, on a port that stays the same while it is cut and mended. */
export class Line {
  private readonly open = new Set<Carried>();
  private how: Cut | undefined;

  private constructor(
    private readonly server: Server,
    private readonly targetPort: number,
  ) {
    server.on('connection', (near) => this.carry(near));
  }

  static async to(targetPort: number): Promise<Line> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Line(server, targetPort);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get isCut(): boolean {
    return this.how !== undefined;
  }

  cut(how: Cut): void {
    this.how = how;
    if (how === 'reset') for (const carried of this.open) this.reset(carried);
  }

  mend(): void {
    this.how = undefined;
    for (const carried of this.open) if (carried.isDamaged) this.reset(carried);
  }

  end(): Promise<void> {
    for (const carried of this.open) this.reset(carried);
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private carry(near: Socket): void {
    near.on('error', () => near.destroy());
    if (this.how === 'reset') return void near.resetAndDestroy();
    // Nobody answers: not even the server's greeting comes.
    const far = this.how === 'silent' ? undefined : connect(this.targetPort, '127.0.0.1');
    const carried: Carried = { near, far, isDamaged: far === undefined };
    this.open.add(carried);
    near.on('data', (request) => this.pass(carried, far, request, this.how === 'silent'));
    far?.on('data', (answer) => this.pass(carried, near, answer, this.how !== undefined));
    for (const socket of [near, far]) {
      socket?.on('error', () => this.reset(carried));
      socket?.on('close', () => this.reset(carried));
    }
  }

  private pass(carried: Carried, to: Socket | undefined, bytes: Buffer, isSwallowed: boolean): void {
    if (isSwallowed || to === undefined) carried.isDamaged = true;
    else if (to.writable) to.write(bytes);
  }

  private reset(carried: Carried): void {
    this.open.delete(carried);
    carried.near.resetAndDestroy();
    carried.far?.destroy();
  }
}
