import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { clientKey, secret, serverKey } from '../service/start-service.js';
import { until } from '../service/until.js';
import { compiled } from './compiled.js';

/** A port that nobody listens on now, for a service that has to come back on the same one. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** Compiles the service once, as the process runs it. */
export const compiledService = (): { readonly folder: string; readonly path: string } =>
  compiled(join('src', 'infrastructure', 'main.ts'));

type Variables = Readonly<Record<string, string>>;

/** The service in a process of its own, to be killed. */
export class ServiceProcess {
  private printed = '';
  /** Its exit status, once it is gone; null: killed. */
  readonly exited: Promise<number | null>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.printed += text));
    this.exited = once(child, 'close').then(([code]) => code as number | null);
  }

  static spawn(script: string, port: number, variables: Variables): ServiceProcess {
    const env = {
      PATH: process.env['PATH'],
      ENVIRONMENT: 'test',
      PORT: String(port),
      MIDTRANS_ENVIRONMENT: 'mock',
      MIDTRANS_SERVER_KEY: serverKey,
      MIDTRANS_CLIENT_KEY: clientKey,
      JWT_SECRET: secret,
      LOG_LEVEL: 'error',
      ...variables,
    };
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new ServiceProcess(child, `http://127.0.0.1:${port}`);
  }

  /** Resolves when it answers. */
  async listening(): Promise<this> {
    const answers = () =>
      fetch(`${this.url}/healthz`).then(
        async (answer) => (await answer.text()) !== '' && answer.ok,
        () => false,
      );
    await until(`the service answers; it printed: ${this.printed}`, answers, 20_000);
    return this;
  }

  /** What it wrote, line by line. */
  lines(): readonly string[] {
    return this.printed.split('\n').filter((line) => line !== '');
  }

  /** Stops it where it stands, as a host does that has no time for it, or lets it go on. */
  hold(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }
}
