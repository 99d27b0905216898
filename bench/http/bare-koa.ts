import Database from 'better-sqlite3';
import Koa from 'koa';
import { MongoClient } from 'mongodb';
import { join } from 'node:path';

// The least that a Koa server can do: what ours is measured against. Its own process; PORT, and where documents are as for the service.

const parsed = async (request: AsyncIterable<Buffer>): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
};

type Read = (id: string) => object | Promise<object>;

const embeddedReader = (dataDir: string): Read => {
  const database = new Database(join(dataDir, 'documents.db'), { readonly: true });
  const select = database
    .prepare<[string], string>('SELECT _document FROM "documents of payments" WHERE _id = ?')
    .pluck();
  return (id) => shown(JSON.parse(select.get(id) ?? '{}') as Record<string, unknown>);
};

const mongoReader = (uri: string, database: string): Read => {
  const documents = new MongoClient(uri).db(database).collection<{ _id: string }>('payments');
  return async (id) => shown((await documents.findOne({ _id: id })) ?? {});
};

/** What no caller sees is left out, so that the answers are of one size. */
const shown = (document: Readonly<Record<string, unknown>>): object => {
  const unseen = new Set(['state', 'sealed', 'details', 'transactions', 'search']);
  return Object.fromEntries(Object.entries(document).filter(([field]) => !unseen.has(field)));
};

const reader = ({ DATA_DIR, MONGODB_URI, MONGODB_DB }: NodeJS.ProcessEnv): Read => {
  if (MONGODB_URI !== undefined && MONGODB_DB !== undefined) return mongoReader(MONGODB_URI, MONGODB_DB);
  return DATA_DIR === undefined ? () => ({}) : embeddedReader(DATA_DIR);
};

const read = reader(process.env);
const app = new Koa();
app.use(async function answer(ctx) {
  if (ctx.method === 'POST') {
    await parsed(ctx.req);
    ctx.body = { status: 'stored' };
  } else ctx.body = await read(ctx.path.slice(ctx.path.lastIndexOf('/') + 1));
});
app.listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
