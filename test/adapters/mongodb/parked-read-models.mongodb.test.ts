import { parkedReadModelsContract } from '../../contracts/parked-read-models-contract.js';
import { inMemory } from '../embedded/open-folder.js';
import { sharedStores } from './open-stores.js';

parkedReadModelsContract('MongoDB', inMemory, async () => {
  const { documents } = await sharedStores();
  return { documents, records: documents };
});
