import { openDataFolder } from '../../src/adapters/embedded/data-folder.js';
import type { Stores } from '../../src/infrastructure/stores.js';
import type { Place } from './bench-stores.js';

/** Opens the stores in this process, without the service around them. */
export const openPlace = async (place: Place): Promise<Stores> => {
  if (place.servers === null) {
    const opened = openDataFolder({ folder: place.dataDir });
    return { ...opened, shared: false, close: () => Promise.resolve(opened.close()) };
  }
  // Only where they are used: the clients of the servers take room in a process whose memory is measured.
  const { openStores } = await import('../../src/infrastructure/stores.js');
  const { eventStoreUrl, streamPrefix, mongoUri, database } = place.servers;
  return openStores({
    dataDir: place.dataDir,
    eventStoreDb: { connectionString: eventStoreUrl, streamPrefix },
    mongoDb: { uri: mongoUri, database },
  });
};
