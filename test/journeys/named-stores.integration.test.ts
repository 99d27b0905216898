import { storeJourneys } from './store-journeys.js';

const { EVENTSTORE_URL, MONGODB_URI } = process.env;
if (!EVENTSTORE_URL || !MONGODB_URI) throw new Error('EVENTSTORE_URL and MONGODB_URI: must name running servers');

const servers = { eventStoreDb: () => Promise.resolve(EVENTSTORE_URL), mongoDb: () => Promise.resolve(MONGODB_URI) };

storeJourneys({ log: 'embedded', records: 'in MongoDB' }, servers);
storeJourneys({ log: 'in EventStoreDB', records: 'embedded' }, servers);
storeJourneys({ log: 'in EventStoreDB', records: 'in MongoDB' }, servers);
