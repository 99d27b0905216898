import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../../src/adapters/embedded/make-folder.js';
import { compiled } from '../../faults/compiled.js';
import { freshFolder } from './open-folder.js';

const { folder: script, path } = compiled('src/adapters/embedded/make-folder.ts');
afterAll(() => rmSync(script, { recursive: true, force: true }));

describe('making a folder', () => {
  it('makes those around it too, for nobody else to look into, and takes one that is there', () => {
    const folder = join(freshFolder(), 'a', 'b');
    makeFolder(folder);
    makeFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('refuses a file in its place, or in the place of one around it', () => {
    const file = join(freshFolder(), 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(file)).toThrow(/EEXIST/);
    expect(() => makeFolder(join(file, 'a'))).toThrow(/ENOTDIR/);
  });

  // In a process of its own, since what tries for ever cannot be interrupted.
  it('gives up at once where the system makes none', () => {
    const run = `import { makeFolder } from ${JSON.stringify(path)}; makeFolder('/proc/payments/data')`;
    const words = ['--input-type=module', '--eval', run];
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 10_000 });
    expect([status, stderr]).toEqual([1, expect.stringContaining("mkdir '/proc")]);
  }, 20_000);
});
