import type { DataFolderOptions } from './data-files.js';
import { openEmbeddedLog } from './embedded-log.js';
import type { EmbeddedLog } from './embedded-log.js';
import { openRecordFiles } from './embedded-records.js';
import type { EmbeddedRecords } from './embedded-records.js';
import { lockFolder } from './folder-lock.js';

/** The embedded stores, opened together: one memory in several files (design D7). */
export type DataFolder = EmbeddedLog & EmbeddedRecords;

/** @throws DataFolderRefused when the files are damaged, foreign, of different logs, or in use by another process */
export const openDataFolder = (options: DataFolderOptions): DataFolder => {
  const opened: (() => void)[] = [];
  const close = (): void => {
    for (const closeOne of opened.splice(0).reverse()) closeOne();
  };
  try {
    if (!options.readOnly) opened.push(lockFolder(options.folder));
    const log = openEmbeddedLog(options);
    opened.push(log.close);
    const records = openRecordFiles(options, log.begin);
    opened.push(records.close);
    return { ...log, ...records, close };
  } catch (error) {
    close();
    throw error;
  }
};
