import { parkedReadModelsContract } from '../../contracts/parked-read-models-contract.js';
import { inMemory } from './open-folder.js';

parkedReadModelsContract('the embedded stores', inMemory, () => Promise.resolve(inMemory()));
