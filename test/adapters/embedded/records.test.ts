import { checkpointsContract } from '../../contracts/checkpoints-contract.js';
import { idempotencyAnswersContract } from '../../contracts/idempotency-answers-contract.js';
import { leasesContract } from '../../contracts/leases-contract.js';
import { parkedKeysContract } from '../../contracts/parked-keys-contract.js';
import { wrappedKeysContract } from '../../contracts/wrapped-keys-contract.js';
import { fileFolder, inMemory } from './open-folder.js';

for (const [where, open] of [
  ['in memory', inMemory],
  ['on disk', fileFolder],
] as const) {
  checkpointsContract(`the embedded store of projections ${where}`, async () => open().projectionCheckpoints);
  checkpointsContract(`the embedded store of workers ${where}`, async () => open().workerCheckpoints);
  leasesContract(`the embedded store ${where}`, async () => open().leases);
  idempotencyAnswersContract(`the embedded store ${where}`, async () => open().idempotencyAnswers);
  parkedKeysContract(`the embedded store ${where}`, async () => open().records);
  wrappedKeysContract(`the embedded store ${where}`, async () => open().wrappedKeys);
}
