import { Pool } from 'undici';
import { answerTask } from '../processes/task.js';
import { atOnce } from './at-once.js';
import { bearer, orderNumbered, paymentOf } from './requests.js';
import { ask } from './send.js';

/** Makes payments of the orders 0 to `orders`, and resolves to their ids. */
export interface OrdersTask {
  readonly url: string;
  readonly orders: number;
}

const connections = 64;

const made = async ({ url, orders }: OrdersTask): Promise<readonly string[]> => {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const authorization = await bearer();
  const numbers = Array.from({ length: orders }, (_, n) => n);
  const ids = await atOnce(connections, numbers, async (n) => {
    const { id } = await ask(pool, paymentOf(orderNumbered(n), authorization));
    return String(id);
  });
  await pool.close();
  return ids;
};

await answerTask(made);
