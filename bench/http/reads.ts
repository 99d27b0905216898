import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { Benchmark } from '../bench.js';
import { startService } from '../processes/service.js';
import { startBareKoa } from './notifications.js';
import { inRounds } from './rounds.js';

const atOnce = 32;
const idsRead = 5_000;

/** `GET /payments/{id}`: identified, found, opened, shown. */
export const reads: Benchmark = {
  name: 'reads',
  async measure({ builtLog }) {
    const { folder } = await builtLog();
    const kind = { of: 'reads', ids: someIds(folder) } as const;
    const service = await startService({ dataDir: folder, role: 'api', simulator: null });
    const bare = await startBareKoa({ DATA_DIR: folder });
    try {
      const [read, bareRead] = await inRounds([service, bare].map(({ url }) => ({ url, kind, atOnce })));
      return [
        {
          work: `one payment read, ${atOnce} at once`,
          unit: 'per second',
          ours: read?.perSecond ?? 0,
          ceiling: { what: 'bare Koa handler, one document', value: bareRead?.perSecond ?? 0 },
          aim: { kind: 'share', atLeast: 0.8 },
        },
      ];
    } finally {
      await service.stop();
      await bare.stop();
    }
  },
};

const someIds = (folder: string): readonly string[] => {
  const database = new Database(join(folder, 'documents.db'), { readonly: true });
  const ids = database
    .prepare<[number], string>('SELECT _id FROM "documents of payments" ORDER BY _id LIMIT ?')
    .pluck()
    .all(idsRead);
  database.close();
  return ids;
};
