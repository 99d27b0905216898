import type { JsonObject } from '../../domain/json.js';
import type { CollectionDeclaration, PackedDocument, StoredDocument } from '../ports/documents.js';
import { declaredFields, fieldReader } from './declared-fields.js';

export const packerOf = (collection: CollectionDeclaration): ((stored: StoredDocument) => PackedDocument) => {
  const readers = declaredFields(collection).map(fieldReader);
  return ({ id, revision, document }) => ({
    id,
    revision,
    text: JSON.stringify(document),
    fields: readers.map((read) => read(document) ?? null),
  });
};

export const unpacked = ({ id, revision, text }: PackedDocument): StoredDocument => ({
  id,
  revision,
  document: JSON.parse(text) as JsonObject,
});
