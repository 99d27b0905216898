import { alone } from '../processes/alone.js';
import { benchSecrets } from '../processes/service.js';
import type { Rebuilt } from '../replay/rebuild-task.js';
import type { LogTask } from './write-log.js';

export interface BuiltLog {
  readonly folder: string;
  readonly rebuilt: Rebuilt;
}

/** A data folder as after a long life: many events, their read model folded from them. */
export const buildLog = async (folder: string, events: number): Promise<BuiltLog> => {
  const task: LogTask = { folder, events, encryptionKey: benchSecrets.ENCRYPTION_KEY };
  await alone('log/write-log.js', task);
  return { folder, rebuilt: await alone<Rebuilt>('replay/rebuild-task.js', { folder }) };
};
