import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Variables } from '../../src/infrastructure/variables.js';
import { compiled } from '../faults/compiled.js';
import { secret } from '../service/start-service.js';

/** `payments parked` as a process of its own. */
export class ParkedCommand {
  private readonly cli = compiled('src/infrastructure/cli/main.ts');

  constructor(private readonly variables: Variables) {}

  /** What it prints, line by line. */
  async print(...options: readonly string[]): Promise<readonly string[]> {
    const { stdout } = await promisify(execFile)(process.execPath, [this.cli.path, 'parked', ...options], {
      env: { PATH: process.env['PATH'], ENVIRONMENT: 'test', JWT_SECRET: secret, ...this.variables },
    });
    return stdout.trimEnd().split('\n');
  }

  remove(): void {
    rmSync(this.cli.folder, { recursive: true, force: true });
  }
}
