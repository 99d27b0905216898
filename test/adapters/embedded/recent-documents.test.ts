import { describe, expect, it } from '@jest/globals';
import { openDataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { RecentDocuments } from '../../../src/adapters/embedded/recent-documents.js';
import { paymentCollection } from '../../../src/application/payments/payment-collection.js';
import type { StoredDocument } from '../../../src/application/ports/documents.js';
import { freshFolder } from './open-folder.js';

const payment = (id: string, revision = 0): StoredDocument => ({ id, revision, document: { id, revision } });

describe('documents that were read recently', () => {
  it('are so many at most; those that were read first go first', () => {
    const recent = new RecentDocuments();
    for (let n = 0; n <= 10_000; n += 1) recent.keep(payment(`p${n}`));
    expect(recent.get('p0')).toBeUndefined();
    expect([recent.get('p1'), recent.get('p10000')]).toEqual([payment('p1'), payment('p10000')]);
  });

  it('are not read and parsed again', async () => {
    const { documents, close } = openDataFolder({ folder: ':memory:' });
    await documents.write(paymentCollection, [payment('p')]);
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
    expect(await looking.documents.get(paymentCollection, 'p')).toEqual(payment('p', 1));
    await writing.documents.write(paymentCollection, [payment('p', 2)]);
    expect(await looking.documents.get(paymentCollection, 'p')).toEqual(payment('p', 2));
    looking.close();
    writing.close();
  });
});
