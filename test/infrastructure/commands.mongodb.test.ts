import { startServer } from '../adapters/eventstoredb/open-event-store-db.js';
import { serverUri } from '../adapters/mongodb/open-stores.js';
import { commandJourneys } from './command-journeys.js';

const servers = {
  eventStoreDb: async () => (await startServer()).connectionString,
  mongoDb: () => Promise.resolve(serverUri()),
};

commandJourneys({ log: 'embedded', records: 'in MongoDB' }, servers);
commandJourneys({ log: 'in EventStoreDB', records: 'in MongoDB' }, servers);
