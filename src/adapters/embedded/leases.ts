import type Database from 'better-sqlite3';
import type { Lease, Leases } from '../../application/ports/leases.js';
import type { GroupCommit } from './group-commit.js';
import { readFrom } from './reading.js';

/** Leases in `state.db`. Only one process works on a data folder, yet what runs on top is the same as with many. */
export class EmbeddedLeases implements Leases {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(
    private readonly database: Database.Database,
    private readonly group: GroupCommit,
  ) {
    this.statements = prepareStatements(database);
  }

  read(names: readonly string[]): Promise<ReadonlyMap<string, Lease>> {
    return readFrom(this.database, () => {
      const rows = this.statements.read.all(JSON.stringify(names));
      return new Map(rows.map(({ name, ...lease }) => [name, lease]));
    });
  }

  take(name: string, holder: string, seen: Lease | undefined, above = 0): Promise<Lease | undefined> {
    const epoch = Math.max(seen?.epoch ?? 0, above) + 1;
    return this.group.run(() =>
      seen === undefined
        ? this.statements.begin.get(name, holder, epoch)
        : this.statements.takeOver.get(holder, epoch, name, seen.holder, seen.epoch, seen.beat),
    );
  }

  beat(name: string, holder: string, epoch: number): Promise<Lease | undefined> {
    return this.group.run(() => this.statements.beat.get(name, holder, epoch));
  }

  async release(name: string, holder: string, epoch: number): Promise<void> {
    await this.group.run(() => this.statements.release.run(name, holder, epoch));
  }
}

const prepareStatements = (database: Database.Database) => ({
  read: database.prepare<[string], Lease & { readonly name: string }>(
    'SELECT name, holder, epoch, beat FROM leases WHERE name IN (SELECT value FROM json_each(?))',
  ),
  begin: database.prepare<[string, string, number], Lease>(
    'INSERT INTO leases (name, holder, epoch, beat) VALUES (?, ?, ?, 1) ON CONFLICT DO NOTHING RETURNING holder, epoch, beat',
  ),
  takeOver: database.prepare<[string, number, string, string, number, number], Lease>(
    `UPDATE leases SET holder = ?, epoch = ?, beat = beat + 1
     WHERE name = ? AND holder = ? AND epoch = ? AND beat = ? RETURNING holder, epoch, beat`,
  ),
  beat: database.prepare<[string, string, number], Lease>(
    'UPDATE leases SET beat = beat + 1 WHERE name = ? AND holder = ? AND epoch = ? RETURNING holder, epoch, beat',
  ),
  release: database.prepare<[string, string, number]>(
    "UPDATE leases SET holder = '' WHERE name = ? AND holder = ? AND epoch = ?",
  ),
});
