import Database from 'better-sqlite3';
import Koa from 'koa';
import { join } from 'node:path';

// The least that a Koa server can do: what ours is measured against. Its own process; PORT and DATA_DIR as for the service.

const parsed = async (request: AsyncIterable<Buffer>): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
};

const documentReader = (dataDir: string) => {
  const database = new Database(join(dataDir, 'documents.db'), { readonly: true });
  const select = database
    .prepare<[string], string>('SELECT _document FROM "documents of payments" WHERE _id = ?')
    .pluck();
  return (id: string): object => shown(JSON.parse(select.get(id) ?? '{}') as Record<string, unknown>);
};

/** What no caller sees is left out, so that the answers are of one size. */
const shown = (document: Record<string, unknown>): object => {
  const unseen = new Set(['state', 'sealed', 'details', 'transactions', 'search']);
  return Object.fromEntries(Object.entries(document).filter(([field]) => !unseen.has(field)));
};

const { PORT, DATA_DIR } = process.env;
const read = DATA_DIR === undefined ? () => ({}) : documentReader(DATA_DIR);
const app = new Koa();
app.use(async function answer(ctx) {
  if (ctx.method === 'POST') {
    await parsed(ctx.req);
    ctx.body = { status: 'stored' };
  } else ctx.body = read(ctx.path.slice(ctx.path.lastIndexOf('/') + 1));
});
const server = app.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
