import { MongoClient } from 'mongodb';
import { Pool } from 'undici';
import { z } from 'zod';
import { createApp, type PaymentRow } from './app.js';

// Its own process, as the service is one (README.md).

const settings = z
  .object({
    PORT: z.coerce.number(),
    MONGODB_URI: z.string(),
    MONGODB_DB: z.string(),
    JWT_SECRET: z.string(),
    MIDTRANS_URL: z.string(),
    MIDTRANS_SERVER_KEY: z.string(),
  })
  .parse(process.env);

const client = new MongoClient(settings.MONGODB_URI);
const payments = client.db(settings.MONGODB_DB).collection<PaymentRow>('payments');
await payments.createIndex({ order_id: 1 }, { unique: true });
const midtrans = new Pool(settings.MIDTRANS_URL, { connections: 128, headersTimeout: 10_000, bodyTimeout: 10_000 });
const { JWT_SECRET: jwtSecret, MIDTRANS_SERVER_KEY: serverKey } = settings;

const server = createApp({ payments, midtrans, jwtSecret, serverKey }).listen(settings.PORT, '127.0.0.1');

process.once('SIGTERM', () => {
  server.close(() => void Promise.all([client.close(), midtrans.close()]));
});
