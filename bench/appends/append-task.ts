import { SystemIds } from '../../src/adapters/system/system-ids.js';
import { answerTask } from '../processes/task.js';
import type { Place } from '../stores/bench-stores.js';
import { openPlace } from '../stores/open-place.js';
import { appending, type AppendResult } from './appending.js';
import { someEvents, type SomeEvent } from './some-event.js';

/** Appends for a while through the log that the service uses: each to a stream of its own, so many at once. */
export interface AppendTask {
  readonly place: Place;
  readonly event: SomeEvent;
  readonly atOnce: number;
  readonly forMs: number;
}

const appended = async ({ place, event, atOnce, forMs }: AppendTask): Promise<AppendResult> => {
  const stores = await openPlace(place);
  const ids = new SystemIds();
  const result = await appending(atOnce, forMs, () =>
    stores.eventLog.append(`payment-${ids.next()}`, [someEvents[event](ids.next())], 'none'),
  );
  await stores.close();
  return result;
};

await answerTask(appended);
