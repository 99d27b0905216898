import type Database from 'better-sqlite3';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isMissing, openToLook } from './data-files.js';
import { EventGroups } from './event-groups.js';
import { positionText } from './event-rows.js';
import { documentsFile, eventsFile, stateFile } from './file-kinds.js';
import type { FileKind } from './file-kinds.js';
import { messageOf } from './sqlite-errors.js';

/** Something that is not as it was written. */
export interface Finding {
  readonly type: 'finding';
  /** Name of the file in the data folder. */
  readonly file: string;
  readonly message: string;
}

/** How far the check has come, in events. */
export interface Progress {
  readonly type: 'progress';
  readonly done: number;
  readonly total: number;
}

/**
 * Looks at everything about the log that the start of the service does not (design D7): what SQLite says of its file, the checksum of
 * each group of events, positions and revisions without gap, JSON that can be read. Works beside a running service. Without a
 * finding the file is sound.
 * @throws DataFolderRefused when it cannot even be opened
 */
export async function* verifyLogFile(folder: string): AsyncGenerator<Finding | Progress, void> {
  const events = openToLook(folder, eventsFile);
  try {
    yield* findings(eventsFile, integrityProblems(events));
    yield* verifyGroups(events);
    yield* findings(eventsFile, verifyStreams(events));
  } finally {
    events.close();
  }
}

/**
 * What SQLite says of the other files, and whether the one that nothing can replace is there.
 * @throws DataFolderRefused when one of them cannot even be opened
 */
export async function* verifyRecordFiles(folder: string): AsyncGenerator<Finding, void> {
  if (isMissing(folder, stateFile) && !isMissing(folder, eventsFile))
    yield* findings(stateFile, [stateFile.whenMissing]);
  else yield* verifyRecordFile(folder, stateFile);
  // It is folded anew at the next start.
  if (!isMissing(folder, documentsFile)) yield* verifyRecordFile(folder, documentsFile);
}

async function* verifyRecordFile(folder: string, kind: FileKind): AsyncGenerator<Finding, void> {
  const database = openToLook(folder, kind);
  try {
    yield* findings(kind, integrityProblems(database));
  } finally {
    database.close();
  }
  await nextTurn();
}

function* findings({ name: file }: FileKind, messages: Iterable<string>): Generator<Finding, void> {
  for (const message of messages) yield { type: 'finding', file, message };
}

const integrityProblems = (database: Database.Database): readonly string[] =>
  unlessBroken(() => {
    const answers = database.prepare<[], string>('PRAGMA integrity_check(20)').pluck().all();
    return answers.filter((answer) => answer !== 'ok');
  });

/** Groups may still be added meanwhile; those that stand at the beginning are looked at. */
async function* verifyGroups(events: Database.Database): AsyncGenerator<Finding | Progress, void> {
  const groups = new EventGroups(events);
  const total = events.prepare<[], number | null>('SELECT max(position) FROM events').pluck().get() ?? 0;
  let done = 0;
  while (done < total) {
    const next = groups.after(done);
    if (next.length === 0) break;
    for (const group of next) {
      if (group.first !== done + 1) yield gapBefore(group.first, done);
      yield* findings(
        eventsFile,
        unlessBroken(() => groups.problemsOf(group)),
      );
      done = Math.max(group.first, group.last);
    }
    yield { type: 'progress', done: Math.min(done, total), total };
    await nextTurn();
  }
  if (done < total) yield gapBefore(total + 1, done);
}

const gapBefore = (position: number, last: number): Finding => ({
  type: 'finding',
  file: eventsFile.name,
  message: `no group of events between ${positionText(last)} and ${positionText(position)}`,
});

/** Revisions count from 0 in the order of the log, and the category by which a filter finds an event is its stream's. */
const verifyStreams = (events: Database.Database): readonly string[] =>
  unlessBroken(() => {
    const misplaced = events
      .prepare<[], { readonly name: string; readonly revision: number }>(
        `SELECT s.name, e.revision FROM (
           SELECT stream, revision, position, lag(revision, 1, -1) OVER history AS before, lag(position, 1, 0) OVER history AS earlier
           FROM events WINDOW history AS (PARTITION BY stream ORDER BY revision)
         ) e JOIN streams s ON s.id = e.stream WHERE e.revision <> e.before + 1 OR e.position <= e.earlier LIMIT 20`,
      )
      .all()
      .map(({ name, revision }) => `stream ${name}: revision ${revision} does not follow the one before it`);
    const hidden = events
      .prepare<[], string>(
        `SELECT DISTINCT s.name FROM events e JOIN streams s ON s.id = e.stream LEFT JOIN categories c ON c.id = s.category
         WHERE e.category <> s.category OR c.name IS NULL OR substr(s.name, 1, length(c.name)) <> c.name LIMIT 20`,
      )
      .pluck()
      .all()
      .map((name) => `stream ${name}: its events are in a category that is not theirs`);
    return [...misplaced, ...hidden];
  });

/** The problems that `look` finds, or what stood in its way. */
const unlessBroken = (look: () => readonly string[]): readonly string[] => {
  try {
    return look();
  } catch (error) {
    return [messageOf(error)];
  }
};
