import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { openForReading, openForWriting } from '../../../src/adapters/embedded/database-file.js';
import { eventsFile } from '../../../src/adapters/embedded/file-kinds.js';
import type { FileKind, Migration } from '../../../src/adapters/embedded/file-kinds.js';
import { freshFolder } from './open-folder.js';

const first: Migration = (database) =>
  database.exec("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('kept')");
const second: Migration = (database) => database.exec('ALTER TABLE notes ADD COLUMN author TEXT');
const failing: Migration = (database) => database.exec('DELETE FROM notes; ALTER TABLE nobody ADD COLUMN author TEXT');

const notesFile = (...migrations: readonly Migration[]): FileKind => ({ ...eventsFile, name: 'notes.db', migrations });

describe('a file of an older schema version', () => {
  const path = (): string => join(freshFolder(), 'notes.db');

  it('is brought up to date once, with what is in it', () => {
    const file = path();
    openForWriting(file, notesFile(first)).close();
    for (const kind of [notesFile(first, second), notesFile(first, second)]) {
      const database = openForWriting(file, kind);
      expect(database.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept', author: null }]);
      database.close();
    }
  });

  it('stays as it was when a migration fails', () => {
    const file = path();
    openForWriting(file, notesFile(first)).close();
    expect(() => openForWriting(file, notesFile(first, second, failing))).toThrow(
      /notes\.db cannot be opened \(no such table: nobody\)/,
    );
    const database = openForWriting(file, notesFile(first));
    expect(database.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept' }]);
    database.close();
  });

  it('is refused to who only reads', () => {
    const file = path();
    openForWriting(file, notesFile(first)).close();
    expect(() => openForReading(file, notesFile(first, second))).toThrow(
      'notes.db is of schema version 1: start the service once',
    );
    openForReading(file, notesFile(first)).close();
  });

  it('is refused to a release that came before it', () => {
    const file = path();
    openForWriting(file, notesFile(first, second)).close();
    expect(() => openForWriting(file, notesFile(first))).toThrow(
      'written by a newer release (schema version 2, this one knows 1)',
    );
  });
});
