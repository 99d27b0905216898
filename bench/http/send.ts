import type { Pool } from 'undici';
import type { PreparedRequest } from './requests.js';

/** @throws Error for any other status than the expected one */
export const send = async (pool: Pool, request: PreparedRequest): Promise<void> => {
  await (await answerOf(pool, request)).dump();
};

/** The answer's JSON. @throws Error for any other status than the expected one */
export const ask = async (pool: Pool, request: PreparedRequest): Promise<Readonly<Record<string, unknown>>> =>
  (await (await answerOf(pool, request)).json()) as Readonly<Record<string, unknown>>;

const answerOf = async (pool: Pool, { status, ...options }: PreparedRequest) => {
  const { statusCode, body } = await pool.request(options);
  if (statusCode !== status) throw new Error(`${options.path} answered ${statusCode}: ${await body.text()}`);
  return body;
};
