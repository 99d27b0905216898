import { DocumentRefused, DuplicateKey, type StoredDocument } from '../ports/documents.js';

/** A document that the store does not take, though it takes others. */
export interface Refused {
  readonly document: StoredDocument;
  readonly error: unknown;
}

type Write = (document: StoredDocument) => Promise<void>;

/** So many may fail before one is taken: a store that is away is not asked for each document of a batch. */
const undecidedMax = 3;

/**
 * Writes the documents of a batch that failed as a whole one after the other, and resolves to those that alone fail. Whatever the store does
 * not say of the document itself (no answer, mostly) counts against it only when another is taken just before and just after: then the
 * store is well.
 * @throws what was thrown when nothing tells one document from the others
 */
export const oneByOne = async (
  write: Write,
  batch: readonly StoredDocument[],
  signal?: AbortSignal,
): Promise<readonly Refused[]> => {
  const refused: Refused[] = [];
  const undecided: Refused[] = [];
  let taken: StoredDocument | undefined;
  for (const document of batch) {
    signal?.throwIfAborted();
    const failure = await failureOf(write, document);
    if (failure === undefined) taken = document;
    else if (isOfDocument(failure.error)) refused.push(failure);
    else if (taken === undefined) undecided.push(failure);
    else refused.push(...(await failsAlone(write, document, taken)));
    if (taken === undefined && undecided.length >= undecidedMax) break;
  }
  for (const { document, error } of undecided) {
    if (taken === undefined) throw error;
    refused.push(...(await failsAlone(write, document, taken)));
  }
  return refused;
};

const failsAlone = async (
  write: Write,
  document: StoredDocument,
  taken: StoredDocument,
): Promise<readonly Refused[]> => {
  // To write a document again changes nothing; it is taken, or the store is away and this rejects.
  await write(taken);
  const failure = await failureOf(write, document);
  if (failure === undefined) return [];
  await write(taken);
  return [failure];
};

const failureOf = async (write: Write, document: StoredDocument): Promise<Refused | undefined> => {
  try {
    await write(document);
    return undefined;
  } catch (error) {
    return { document, error };
  }
};

/** The store has looked at it, and says so. */
const isOfDocument = (error: unknown): boolean => error instanceof DocumentRefused || error instanceof DuplicateKey;
