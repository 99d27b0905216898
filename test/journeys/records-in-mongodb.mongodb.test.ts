import { startServer } from '../adapters/eventstoredb/open-event-store-db.js';
import { serverUri } from '../adapters/mongodb/open-stores.js';
import { storeJourneys } from './store-journeys.js';

const servers = {
  eventStoreDb: async () => (await startServer()).connectionString,
  mongoDb: () => Promise.resolve(serverUri()),
};

storeJourneys({ log: 'embedded', records: 'in MongoDB' }, servers);
storeJourneys({ log: 'in EventStoreDB', records: 'in MongoDB' }, servers);
