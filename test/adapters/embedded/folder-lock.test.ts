import { describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DataFolderRefused } from '../../../src/adapters/embedded/data-folder-refused.js';
import { lockFolder } from '../../../src/adapters/embedded/folder-lock.js';
import { freshFolder } from './open-folder.js';

/** Collects what nobody refers to; finalizers run in a turn of their own. */
const collectGarbage = async (): Promise<void> => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('the lock on a data folder', () => {
  it('is held until it is given back', () => {
    const folder = freshFolder();
    const giveBack = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(DataFolderRefused);
    giveBack();
    lockFolder(folder)();
  });

  it('outlives the way to give it back, when the process has lost that', async () => {
    const folder = freshFolder();
    lockFolder(folder);
    await collectGarbage();
    expect(() => lockFolder(folder)).toThrow(`${folder} is in use by another process (pid ${process.pid})`);
  });
});
