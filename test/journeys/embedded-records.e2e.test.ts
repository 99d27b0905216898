import { startServer } from '../adapters/eventstoredb/open-event-store-db.js';
import { storeJourneys } from './store-journeys.js';

const servers = {
  eventStoreDb: async () => (await startServer()).connectionString,
  mongoDb: () => Promise.reject(new Error('npm run test:stores has a MongoDB')),
};

storeJourneys({ log: 'embedded', records: 'embedded' }, servers);
storeJourneys({ log: 'in EventStoreDB', records: 'embedded' }, servers);
