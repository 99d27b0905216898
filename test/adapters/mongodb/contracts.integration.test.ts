import { mongoContracts } from './store-contracts.js';

mongoContracts('the MongoDB that MONGODB_URI names');
