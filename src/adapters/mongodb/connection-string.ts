import type * as Driver from 'mongodb';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What is wrong with MONGODB_URI, or undefined; opens no connection. The text tells no credentials. */
export const connectionStringMistake = (uri: string): string | undefined => {
  // The driver takes its time to load, and whoever names no server shall not wait for it.
  const { MongoClient } = require('mongodb') as typeof Driver;
  try {
    void new MongoClient(uri).close();
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const because = partsOfCredentials(uri).some((part) => reason.includes(part)) ? '' : ` (${reason})`;
    return `must be a connection string such as mongodb://localhost:27017${because}`;
  }
};

/** Whatever may be a name or a password in a string that cannot be parsed: all before the last `@`. */
const partsOfCredentials = (uri: string): readonly string[] =>
  uri
    .slice(uri.indexOf('//') + 2, Math.max(0, uri.lastIndexOf('@')))
    .split(/[:@/]/)
    .filter((part) => part !== '');
