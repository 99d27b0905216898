import { ServiceProcess } from '../faults/service-process.js';

/** A process that ended though nobody had told it to. */
export interface OwnEnd {
  readonly code: number | null;
  readonly lastLines: readonly string[];
}

const restartAfterMs = 500;

/** One place of the fleet: a service process on a port of its own, begun again whenever it ends, as an orchestrator does. */
export class Replica {
  kills = 0;
  /** Starts that gave up because a store was cut off; documented, and tried again. */
  startsGivenUp = 0;
  readonly ownEnds: OwnEnd[] = [];
  private readonly written: string[] = [];
  private running: ServiceProcess | undefined;
  private isToldToEnd = false;

  constructor(
    readonly name: string,
    private readonly script: string,
    private readonly port: number,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Everything that its processes wrote, one after the other. */
  lines(): readonly string[] {
    return [...this.written, ...(this.running?.lines() ?? [])];
  }

  begin(): void {
    this.isToldToEnd = false;
    const running = ServiceProcess.spawn(this.script, this.port, this.variables);
    this.running = running;
    void running.exited.then((code) => this.ended(running, code));
  }

  async kill(): Promise<void> {
    this.kills += 1;
    this.isToldToEnd = true;
    await this.running?.end('SIGKILL');
  }

  /** Stands still from now on, and knows nothing of it. */
  freeze(): void {
    this.running?.hold('SIGSTOP');
  }

  thaw(): void {
    this.running?.hold('SIGCONT');
  }

  /** Says goodbye; its exit status. */
  async stop(): Promise<number | null | undefined> {
    this.isToldToEnd = true;
    return this.running?.end('SIGTERM');
  }

  /** Resolves when it answers, or when that takes too long. */
  async back(withinMs: number, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!signal.aborted && performance.now() < deadline && (await this.readiness()) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** `ready`, or why not; undefined: it does not answer. */
  async readiness(): Promise<string | undefined> {
    try {
      const answer = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(10_000) });
      const text = await answer.text();
      return answer.status === 200 ? 'ready' : text;
    } catch {
      return undefined;
    }
  }

  private ended(process: ServiceProcess, code: number | null): void {
    const lines = process.lines();
    this.written.push(...lines);
    if (this.running === process) this.running = undefined;
    if (this.isToldToEnd) return;
    if (code === 1 && lines.at(-1)?.includes('a store does not answer')) this.startsGivenUp += 1;
    else this.ownEnds.push({ code, lastLines: lines.slice(-20) });
    setTimeout(() => {
      if (!this.isToldToEnd) this.begin();
    }, restartAfterMs);
  }
}
