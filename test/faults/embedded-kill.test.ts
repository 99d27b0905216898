import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder } from '../../src/adapters/embedded/data-folder.js';
import { verifyLogFile, verifyRecordFiles } from '../../src/adapters/embedded/verify.js';
import type { EventFeed, FeedPosition } from '../../src/application/ports/event-feed.js';
import type { StoredEvent } from '../../src/application/ports/event-log.js';
import { compiled } from './compiled.js';

const kills = 30;

interface Acknowledged {
  readonly stream: string;
  /** Of the last of its events. */
  readonly revision: number;
  readonly ids: readonly string[];
}

interface Life {
  readonly child: ChildProcess;
  readonly acknowledged: Acknowledged[];
  /** Resolves when the writer has opened the folder. */
  readonly opened: Promise<void>;
  /** Resolves when the process is gone and all that it printed has been read; to what it complained about. */
  readonly ended: Promise<string>;
}

const begin = (script: string, folder: string, life: string): Life => {
  const child = spawn(process.execPath, [script, folder, life], { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
  const acknowledged: Acknowledged[] = [];
  let [rest, complaints] = ['', ''];
  const opened = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      // What follows the last line feed was cut off by the kill: nobody was told.
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [stream = '', revision, ...ids] = line.split(' ');
        if (stream === 'open') resolve();
        else acknowledged.push({ stream, revision: Number(revision), ids });
      }
    });
  });
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = new Promise<string>((resolve) => child.on('close', () => resolve(complaints)));
  return { child, acknowledged, opened, ended };
};

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Lives until a random moment under load: sometimes while it opens, mostly later. */
const liveAndDie = async (script: string, folder: string, n: number): Promise<readonly Acknowledged[]> => {
  const life = begin(script, folder, `life${n}`);
  if (n % 6 !== 5) await life.opened;
  await wait(Math.random() * 250);
  life.child.kill('SIGKILL');
  expect(await life.ended).toBe('');
  return life.acknowledged;
};

const everything = async (feed: EventFeed): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  let after: FeedPosition = 'start';
  for (;;) {
    const batch = await feed.readAfter(after, { streamPrefixes: [] });
    events.push(...batch.events);
    if (batch.atEnd) return events;
    after = batch.position;
  }
};

const historiesIn = (events: readonly StoredEvent[]): ReadonlyMap<string, readonly StoredEvent[]> => {
  const histories = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const history = histories.get(event.stream) ?? [];
    history.push(event);
    histories.set(event.stream, history);
  }
  return histories;
};

describe('a process that is killed while it writes', () => {
  let program: ReturnType<typeof compiled>;
  let folder: string;

  beforeAll(() => {
    program = compiled('test/faults/embedded-writer.ts');
    folder = mkdtempSync(join(tmpdir(), 'payments-kill-'));
  });

  afterAll(() => {
    for (const path of [program.folder, folder]) rmSync(path, { recursive: true, force: true });
  });

  it(`loses no acknowledged event, doubles none and leaves no gap, ${kills} times`, async () => {
    const acknowledged: Acknowledged[] = [];
    for (let n = 0; n < kills; n += 1) acknowledged.push(...(await liveAndDie(program.path, folder, n)));
    expect(acknowledged.length).toBeGreaterThan(kills * 20);

    const { eventFeed, close } = openDataFolder({ folder });
    const events = await everything(eventFeed);
    close();
    expect(events.map(({ position }) => Number(position))).toEqual(events.map((_, n) => n + 1));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);

    const streams = historiesIn(events);
    for (const [stream, history] of streams) {
      expect([stream, history.map(({ revision }) => revision)]).toEqual([stream, history.map((_, n) => n)]);
    }
    const lost = acknowledged.filter(({ stream, revision, ids }) => {
      const written = streams.get(stream)?.slice(revision - ids.length + 1, revision + 1) ?? [];
      return written.map(({ id }) => id).join() !== ids.join();
    });
    expect(lost.slice(0, 3)).toEqual([]);

    const findings = [];
    for (const checks of [verifyLogFile(folder), verifyRecordFiles(folder)])
      for await (const one of checks) if (one.type === 'finding') findings.push(one);
    expect(findings).toEqual([]);
  }, 60_000);

  it('has the folder for itself while it lives, and not a moment longer', async () => {
    const { child, opened, ended } = begin(program.path, folder, 'last');
    await opened;
    expect(() => openDataFolder({ folder })).toThrow(`${folder} is in use by another process (pid ${child.pid})`);
    const other = begin(program.path, folder, 'other');
    expect(await other.ended).toContain(
      `is in use by another process (pid ${child.pid}): stop it, or choose another DATA_DIR`,
    );
    const beside = openDataFolder({ folder, readOnly: true });
    expect(await beside.eventLog.read('payment-kept-0', { limit: 1 })).toHaveLength(1);
    beside.close();
    child.kill('SIGKILL');
    await ended;
    openDataFolder({ folder }).close();
  });
});
