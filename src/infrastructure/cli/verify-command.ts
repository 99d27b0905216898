import { verifyLogFile, verifyRecordFiles, type Finding, type Progress } from '../../adapters/embedded/verify.js';
import { readConfig } from '../config.js';
import { progressBar, readArgs, say, type CliCommand } from './command.js';

/** Everything that the start does not look at (design D7); also beside a running service. Exit status 1 when something is wrong. */
export const verifyCommand: CliCommand = {
  name: 'verify',
  usage: '',
  does: 'checks that everything in DATA_DIR is whole',
  async run(args) {
    const { values } = readArgs(args, { json: { type: 'boolean', default: false } });
    const folder = readConfig(process.env).dataDir;
    const bar = progressBar('events');
    let events = 0;
    let findings = 0;
    for await (const found of verifyFiles(folder)) {
      if (found.type === 'progress') {
        events = found.done;
        bar(found.done, found.total);
        continue;
      }
      findings += 1;
      say(values.json ? JSON.stringify(found) : `${found.file}: ${found.message}`);
    }
    if (values.json) say(JSON.stringify({ type: 'result', folder, events, findings }));
    else
      say(
        findings === 0 ? `${folder} is whole: ${events} events` : `${folder}: ${findings} findings in ${events} events`,
      );
    return findings === 0 ? 0 : 1;
  },
};

async function* verifyFiles(folder: string): AsyncGenerator<Finding | Progress, void> {
  yield* verifyRecordFiles(folder);
  yield* verifyLogFile(folder);
}
