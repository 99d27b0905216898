import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** The wire between the driver and a MongoDB on loopback, for tests that damage it. */
export class Link {
  private readonly open = new Set<Socket>();
  private readonly requests: Buffer[] = [];
  private isSilent = false;
  private answerLost: string | undefined;
  private held: { readonly command: string; readonly tell: (release: () => void) => void } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (near) => this.carry(near));
  }

  static async to(uri: string): Promise<Link> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Link(server, Number(new URL(uri).port));
  }

  /** Direct: the driver must not go round by an address that the server tells. */
  get uri(): string {
    return `mongodb://127.0.0.1:${(this.server.address() as AddressInfo).port}/?directConnection=true`;
  }

  /** Requests with this command so far, as they went over the wire. */
  sent(command: string): readonly string[] {
    return this.requests.filter((request) => has(request, command)).map((request) => request.toString('latin1'));
  }

  /** Requests arrive, answers do not. Lasts until the end of the link. */
  silence(): void {
    this.isSilent = true;
  }

  /** The next request with this command is carried out, and the connection breaks before its answer. */
  loseAnswerTo(command: string): void {
    this.answerLost = command;
  }

  /** The next request with this command is held back. Resolves when it comes; what it resolves to lets it go on. */
  hold(command: string): Promise<() => void> {
    return new Promise((tell) => {
      this.held = { command, tell };
    });
  }

  end(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private carry(near: Socket): void {
    const far = connect(this.target, '127.0.0.1');
    let isLost = false;
    near.on('data', (request) => {
      this.requests.push(request);
      if (has(request, this.answerLost)) {
        isLost = true;
        this.answerLost = undefined;
      }
      const { held } = this;
      if (!has(request, held?.command)) return void far.write(request);
      this.held = undefined;
      held?.tell(() => far.write(request));
    });
    far.on('data', (answer) => {
      if (isLost) near.destroy();
      else if (!this.isSilent) near.write(answer);
    });
    for (const [one, other] of [[near, far], [far, near]] as const) this.endTogether(one, other); // prettier-ignore
  }

  private endTogether(one: Socket, other: Socket): void {
    this.open.add(one);
    one.on('error', () => other.destroy());
    one.on('close', () => {
      this.open.delete(one);
      other.destroy();
    });
  }
}

/** A request names its command first, as the first field of a BSON document. */
const has = (request: Buffer, command: string | undefined): boolean =>
  command !== undefined && request.includes(`${command}\0`);
