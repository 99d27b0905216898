import { pino, type DestinationStream } from 'pino';

/** A write costs as much as ten lines; late by so much at most. In characters and ms. */
const gatheredMax = 32_768;
const lateMs = 100;

/** Lines for stdout that come together are written together, in order, without blocking; at the end of the process none is left. */
export class GatheredLines implements DestinationStream {
  private lines = '';
  /** Gathers by itself too, but goes through all that it holds at each line. */
  private readonly stdout = pino.destination({ sync: false, minLength: 1 });

  constructor() {
    setInterval(() => this.pass(), lateMs).unref();
    // Before stdout, at the same events, writes what it has been given and takes no more.
    process.prependListener('beforeExit', () => this.pass());
    process.prependListener('exit', () => this.pass());
  }

  write(line: string): void {
    this.lines += line;
    if (this.lines.length >= gatheredMax) this.pass();
  }

  /** `done`: everything is written. */
  flush(done: (error?: Error) => void): void {
    this.pass();
    this.stdout.flush(done);
  }

  private pass(): void {
    if (this.lines === '') return;
    const { lines } = this;
    this.lines = '';
    this.stdout.write(lines);
  }
}
