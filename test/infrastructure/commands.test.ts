import { startServer } from '../adapters/eventstoredb/open-event-store-db.js';
import { commandJourneys } from './command-journeys.js';

const servers = {
  eventStoreDb: async () => (await startServer()).connectionString,
  mongoDb: () => Promise.reject(new Error('npm run test:stores has a MongoDB')),
};

commandJourneys({ log: 'embedded', records: 'embedded' }, servers);
commandJourneys({ log: 'in EventStoreDB', records: 'embedded' }, servers);
