import { EventStoreDBClient } from '@eventstore/db-client';

type Parameters = Readonly<Record<string, string>>;

/** Of several values of a parameter the last one counts. */
export const withParameters = (connectionString: string, parameters: Parameters): string => {
  const added = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return `${connectionString}${connectionString.includes('?') ? '&' : '?'}${added.join('&')}`;
};

/** What is wrong with EVENTSTORE_URL, or undefined; opens no connection. The text tells no credentials. */
export const connectionStringMistake = (connectionString: string): string | undefined => {
  try {
    EventStoreDBClient.connectionString(connectionString);
    return undefined;
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^Unexpected ".*" at/s, 'something unexpected at') : '';
    return `must be a connection string such as esdb://localhost:2113?tls=false (${reason})`;
  }
};
