import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openDataFolder } from '../../src/adapters/embedded/data-folder.js';
import { freshFolder } from '../adapters/embedded/open-folder.js';
import { compiled } from '../faults/compiled.js';

const cli = compiled('src/infrastructure/cli/main.ts');
afterAll(() => rmSync(cli.folder, { recursive: true, force: true }));

describe('payments rebuild', () => {
  it('makes the file of the read models anew, for nobody else to read', () => {
    const folder = freshFolder();
    openDataFolder({ folder }).close();
    const documents = join(folder, 'documents.db');
    rmSync(documents);
    const env = { PATH: process.env['PATH'], DATA_DIR: folder };
    expect(spawnSync(process.execPath, [cli.path, 'rebuild'], { env, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(statSync(documents).mode & 0o777).toBe(0o600);
  });
});
