import { alone } from '../processes/alone.js';
import { benchSecrets } from '../processes/service.js';
import type { Rebuilt } from '../replay/rebuild-task.js';
import type { Place } from '../stores/bench-stores.js';
import type { LogTask } from './write-log.js';

export interface BuiltLog {
  readonly place: Place;
  readonly events: number;
}

/** Embedded stores write many together; on servers each append is a call of its own, and more of them would only wait. */
const madeAtOnce = { embedded: 128, servers: 32 };

/** Data as after a long life: many events, their read model folded from them. */
export const buildLog = async (place: Place, events: number): Promise<BuiltLog> => {
  const atOnce = madeAtOnce[place.servers === null ? 'embedded' : 'servers'];
  const task: LogTask = { place, events, atOnce, encryptionKey: benchSecrets.ENCRYPTION_KEY };
  await alone('log/write-log.js', task);
  const rebuilt = await alone<Rebuilt>('replay/rebuild-task.js', { place });
  return { place, events: rebuilt.events };
};
