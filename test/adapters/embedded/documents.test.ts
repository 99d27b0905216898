import { documentsContract } from '../../contracts/documents-contract.js';
import { fileFolder, inMemory } from './open-folder.js';

documentsContract('the embedded store in memory', async () => inMemory().documents);
documentsContract('the embedded store on disk', async () => fileFolder().documents);
documentsContract('the embedded records in memory', async () => inMemory().records);
documentsContract('the embedded records on disk', async () => fileFolder().records);
