import { describe, expect, it } from '@jest/globals';
import { openDataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { paymentCollection } from '../../../src/application/payments/payment-collection.js';
import type { StoredDocument } from '../../../src/application/ports/documents.js';
import { freshFolder } from './open-folder.js';

const payment = (id: string, revision = 0): StoredDocument => ({ id, revision, document: { id, revision } });

describe('documents that are read again', () => {
  it('are not parsed again from the third time on', async () => {
    const { documents, close } = openDataFolder({ folder: ':memory:' });
    await documents.write(paymentCollection, [payment('p')]);
    await documents.get(paymentCollection, 'p');
    const read = await documents.get(paymentCollection, 'p');
    expect(read).toEqual(payment('p'));
    expect(await documents.get(paymentCollection, 'p')).toBe(read);
    close();
  });

  it('are read again beside the process that writes them', async () => {
    const folder = freshFolder();
    const writing = openDataFolder({ folder });
    await writing.documents.write(paymentCollection, [payment('p', 1)]);
    const looking = openDataFolder({ folder, readOnly: true });
    for (const _time of [1, 2, 3]) expect(await looking.documents.get(paymentCollection, 'p')).toEqual(payment('p', 1));
    await writing.documents.write(paymentCollection, [payment('p', 2)]);
    expect(await looking.documents.get(paymentCollection, 'p')).toEqual(payment('p', 2));
    looking.close();
    writing.close();
  });
});
