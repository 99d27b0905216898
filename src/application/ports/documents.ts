import type { Json, JsonObject } from '../../domain/json.js';

/**
 * A field path such as `created_at` or `customer.city`. A path that leads to an array of strings matches any of its
 * elements (as MongoDB does); such a field may only be asked for by equality.
 */
export type FieldPath = string;

export interface IndexDeclaration {
  readonly name: string;
  readonly fields: readonly { readonly field: FieldPath; readonly order: 'asc' | 'desc' }[];
  readonly unique?: true;
  /** The (single) field holds an array of strings. */
  readonly eachElement?: true;
}

/**
 * One way in which a collection is asked. `sort` ends with `_id`, so that pages have a total order.
 * A query gives a value for every field of `equals`, and may narrow by the fields of `optional`
 * (equality or range), which the index need not serve.
 */
export interface ShapeDeclaration {
  readonly index: string;
  readonly equals: readonly FieldPath[];
  readonly optional: readonly FieldPath[];
  readonly sort: readonly { readonly field: FieldPath; readonly order: 'asc' | 'desc' }[];
}

/** What is declared beside a collection; an adapter makes the indexes at start and refuses a query of no declared shape. */
export interface CollectionDeclaration<Shapes extends string = string> {
  readonly name: string;
  readonly indexes: readonly IndexDeclaration[];
  readonly shapes: Readonly<Record<Shapes, ShapeDeclaration>>;
}

export type Scalar = string | number | boolean | null;

export type Condition =
  | { readonly field: FieldPath; readonly is: Scalar }
  /** Both ends included; either may be left open. Compares text with text and numbers with numbers. */
  | { readonly field: FieldPath; readonly from?: string | number; readonly to?: string | number };

export interface DocumentQuery<Shapes extends string = string> {
  readonly shape: Shapes;
  readonly where: readonly Condition[];
  readonly limit: number;
  /** Values of the shape's sort fields in the last document of the page before; the page begins after it. */
  readonly after?: readonly Scalar[];
  /** A copy of the store that is a little behind may answer; otherwise what was written last is found. */
  readonly mayLag?: true;
}

export interface StoredDocument {
  readonly id: string;
  /** Of the last event in it; a batch of a newer revision replaces it. */
  readonly revision: number;
  readonly document: JsonObject;
}

/** A document made ready for writing where it was folded, be it in another thread: nothing of it has to be taken apart again. */
export interface PackedDocument {
  readonly id: string;
  readonly revision: number;
  /** As JSON. */
  readonly text: string;
  /** Its values of the declared fields, in their order (`declaredFields`). */
  readonly fields: readonly Json[];
}

/**
 * Read models and records as JSON documents (design D5). The newer revision wins and replaces the document whole: fields that
 * it no longer has are gone. Whole numbers up to 2^53 come back exact.
 */
export interface Documents {
  /**
   * What was written last. With `atLeast`, a copy of the store that is a little behind may answer, as long as it has this
   * revision or a newer one (R12.4).
   */
  get(collection: CollectionDeclaration, id: string, atLeast?: number): Promise<StoredDocument | undefined>;

  /** Those that exist, in no particular order. */
  getMany(collection: CollectionDeclaration, ids: readonly string[]): Promise<readonly StoredDocument[]>;

  /** @throws UndeclaredQuery when no declared shape serves it */
  find<Shapes extends string>(
    collection: CollectionDeclaration<Shapes>,
    query: DocumentQuery<Shapes>,
  ): Promise<readonly StoredDocument[]>;

  /**
   * Writes each document unless the stored revision is the same or newer; one stale document holds back no other.
   * Repeating a batch changes nothing.
   * @throws DuplicateKey when another document already has the value of a unique index
   * @throws DocumentRefused when the store has looked at one and will never take it, as it is; the others may be written
   * @throws StoreUnavailable when it gives no answer: any of them may be written
   */
  write(collection: CollectionDeclaration, batch: readonly StoredDocument[]): Promise<void>;

  /** true: it is there now and this call put it there. false: something with this id was there before and stays as it is. */
  insertIfAbsent(collection: CollectionDeclaration, document: StoredDocument): Promise<boolean>;

  /**
   * Replaces the document whole while its stored revision is still `seen`; of many at once exactly one does.
   * false: somebody else changed it since, or it is not there; nothing was written.
   * @throws DuplicateKey when another document already has the value of a unique index
   */
  replace(collection: CollectionDeclaration, document: StoredDocument, seen: number): Promise<boolean>;

  /** Throws away all documents of a collection, for a rebuild. */
  clear(collection: CollectionDeclaration): Promise<void>;

  /**
   * All documents of a collection give way to these, each id given once: a rebuild's way to write, as fast as the store can. Nobody
   * else may write the collection meanwhile. Who reads finds none of the old ones from the beginning on, and the new ones when it
   * resolves at the latest, by index as ever. When it rejects, or the process dies, some of the new ones may be there.
   */
  replaceAll(collection: CollectionDeclaration, batches: AsyncIterable<readonly PackedDocument[]>): Promise<void>;
}

export class UndeclaredQuery extends Error {
  override readonly name = 'UndeclaredQuery';
  constructor(collection: string, why: string) {
    super(`Undeclared query on ${collection}: ${why}; declare its shape and index beside the collection`);
  }
}

/** No outage, and no use in trying again. The message repeats nothing of the document, which may be personal. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';
  constructor(collection: string, why: string, cause: unknown) {
    super(`${collection}: the store does not take the document: ${why}`, { cause });
  }
}

export class DuplicateKey extends Error {
  override readonly name = 'DuplicateKey';
  constructor(
    readonly collection: string,
    readonly id: string,
  ) {
    super(`${collection}: document ${id} has a value that a unique index already holds`);
  }
}
