import { parseArgs } from 'node:util';

export interface Options {
  /** null: all. */
  readonly only: string | null;
  /** In the log that is replayed and started on. */
  readonly events: number;
  readonly markdown: boolean;
}

export const usage = `npm run bench -- [--only <name>] [--events <number>] [--full] [--markdown]

  --only <name>      one of: NAMES
  --events <number>  in the log that is replayed and started on (300000)
  --full             5,000,000 events: takes many minutes
  --markdown         the table as it stands in the README
`;

const eventsUsually = 300_000;
const eventsInFull = 5_000_000;

/** @throws TypeError for what is not an option */
export const readOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      events: { type: 'string' },
      full: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
    },
  });
  const events = Number(values.events ?? (values.full ? eventsInFull : eventsUsually));
  if (!Number.isSafeInteger(events) || events < 1) throw new TypeError('--events: must be a whole number from 1 on');
  return { only: values.only ?? null, events, markdown: values.markdown };
};
