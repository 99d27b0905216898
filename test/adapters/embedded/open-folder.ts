import { afterAll } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder } from '../../../src/adapters/embedded/data-folder.js';
import type { DataFolder } from '../../../src/adapters/embedded/data-folder.js';

const cleanups: (() => void)[] = [];

afterAll(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

const closedInTheEnd = (folder: DataFolder): DataFolder => {
  cleanups.push(() => folder.close());
  return folder;
};

export const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'payments-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Stores that end with the test file. */
export const inMemory = (): DataFolder => closedInTheEnd(openDataFolder({ folder: ':memory:' }));

export const fileFolder = (): DataFolder => closedInTheEnd(openDataFolder({ folder: freshFolder() }));
