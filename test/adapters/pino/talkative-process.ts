import { PinoJournal } from '../../../src/adapters/pino/pino-journal.js';

// Says so many lines and ends as it is told to; run by gathered-lines.test.ts.

const [, , lines = '0', ending = ''] = process.argv;
const journal = new PinoJournal({ level: 'info', service: 'talkative' });
for (let n = 1; n <= Number(lines); n += 1) journal.info(`line ${n} 🧾`);

switch (ending) {
  case 'close':
    await journal.close();
    process.exit(0);
    break;
  case 'exit':
    process.exit(0);
    break;
  case 'throw':
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    break;
  default:
    // It just has nothing left to do.
    break;
}
