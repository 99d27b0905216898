import { checkpointsContract } from '../../contracts/checkpoints-contract.js';
import { documentsContract } from '../../contracts/documents-contract.js';
import { idempotencyAnswersContract } from '../../contracts/idempotency-answers-contract.js';
import { leasesContract } from '../../contracts/leases-contract.js';
import { parkedKeysContract } from '../../contracts/parked-keys-contract.js';
import { wrappedKeysContract } from '../../contracts/wrapped-keys-contract.js';
import { sharedStores } from './open-stores.js';

/** Every promise that the application relies on, held by MongoDB as by the embedded stores. */
export const mongoContracts = (where: string): void => {
  documentsContract(where, async () => (await sharedStores()).documents);
  checkpointsContract(`${where} of projections`, async () => (await sharedStores()).projectionCheckpoints);
  checkpointsContract(`${where} of workers`, async () => (await sharedStores()).workerCheckpoints);
  leasesContract(where, async () => (await sharedStores()).leases);
  idempotencyAnswersContract(where, async () => (await sharedStores()).idempotencyAnswers);
  parkedKeysContract(where, async () => (await sharedStores()).documents);
  wrappedKeysContract(where, async () => (await sharedStores()).wrappedKeys);
};
