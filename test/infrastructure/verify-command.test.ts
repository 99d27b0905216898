import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDataFolder } from '../../src/adapters/embedded/data-folder.js';
import { freshFolder } from '../adapters/embedded/open-folder.js';
import { someEvent } from '../contracts/some-events.js';
import { compiled } from '../faults/compiled.js';
import { secret } from '../service/start-service.js';

const cli = compiled('src/infrastructure/cli/main.ts');
afterAll(() => rmSync(cli.folder, { recursive: true, force: true }));

const verified = (folder: string): { readonly status: number | null; readonly lines: readonly string[] } => {
  const env = { PATH: process.env['PATH'], ENVIRONMENT: 'test', JWT_SECRET: secret, DATA_DIR: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli.path, 'verify'], { env, encoding: 'utf8' });
  return { status, lines: (stdout + stderr).split('\n').filter((line) => line !== '') };
};

describe('payments verify', () => {
  it('says what is lost when the file with the keys is gone, and goes on with the log', async () => {
    const folder = freshFolder();
    const stores = openDataFolder({ folder });
    await stores.eventLog.append('payment-1', [someEvent()], 'none');
    stores.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `state.db${suffix}`), { force: true });
    expect(verified(folder)).toEqual({
      status: 1,
      lines: [
        'state.db: is missing, and with it the keys of all personal data in the event log: stop the service and put back the files of the last backup, all of DATA_DIR together',
        `${folder}: 1 findings in 1 events`,
      ],
    });
  }, 40_000);
});
