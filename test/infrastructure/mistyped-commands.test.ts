import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../adapters/embedded/open-folder.js';
import { compiled } from '../faults/compiled.js';

const cli = compiled('src/infrastructure/cli/main.ts');
afterAll(() => rmSync(cli.folder, { recursive: true, force: true }));

const printed = (words: readonly string[], variables: Readonly<Record<string, string>>) => {
  const env = { PATH: process.env['PATH'], ...variables };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli.path, ...words], { env, encoding: 'utf8' });
  return { status, lines: (stdout + stderr).split('\n').filter((line) => line !== '') };
};

describe('the command line, mistyped', () => {
  it.each([[['show', 'order-1']], [['verify']], [['parked']], [['rebuild']]])(
    'makes nothing where nothing is, and says so in one line: %s',
    (words) => {
      const folder = join(freshFolder(), 'mistyped');
      const { status, lines } = printed(words, { DATA_DIR: folder });
      expect([status, lines]).toEqual([1, [expect.stringContaining('is DATA_DIR right?')]]);
      expect(existsSync(folder)).toBe(false);
    },
    20_000,
  );

  it.each(['a b', '', 'order/1', 'x'.repeat(51)])('shows no payment of %j, in one line', (subject) => {
    expect(printed(['show', subject], { DATA_DIR: freshFolder() })).toEqual({
      status: 1,
      lines: [`${JSON.stringify(subject)} is neither an order id nor a payment id`],
    });
  });

  it('signs no token with a secret that the service refuses', () => {
    expect(printed(['token', '--sub', 'budi'], { DATA_DIR: freshFolder(), JWT_SECRET: 'short' })).toEqual({
      status: 1,
      lines: ['JWT_SECRET: must have at least 32 characters'],
    });
  });
});
