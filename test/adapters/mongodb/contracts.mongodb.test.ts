import { mongoContracts } from './store-contracts.js';

mongoContracts('the MongoDB store');
