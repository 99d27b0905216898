import type * as Client from '@eventstore/db-client';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

type Parameters = Readonly<Record<string, string>>;

/** Of several values of a parameter the last one counts. */
export const withParameters = (connectionString: string, parameters: Parameters): string => {
  const added = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return `${connectionString}${connectionString.includes('?') ? '&' : '?'}${added.join('&')}`;
};

/** What is wrong with EVENTSTORE_URL, or undefined; opens no connection. The text tells no credentials. */
export const connectionStringMistake = (connectionString: string): string | undefined => {
  // The client takes its time to load, and whoever names no server shall not wait for it.
  const { EventStoreDBClient } = require('@eventstore/db-client') as typeof Client;
  try {
    EventStoreDBClient.connectionString(connectionString);
    return undefined;
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^Unexpected ".*" at/s, 'something unexpected at') : '';
    return `must be a connection string such as esdb://localhost:2113?tls=false (${reason})`;
  }
};
