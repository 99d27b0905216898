import { WorkersAtWork } from '../../application/followers/without-workers.js';
import { StoreRefused, StoreUnavailable } from '../../application/ports/event-log.js';
import { UnusableConfiguration } from '../variables.js';
import { WrongUse, type CliCommand } from './command.js';
import { parkedCommand } from './parked-command.js';
import { rebuildCommand } from './rebuild-command.js';
import { showCommand } from './show-command.js';
import { tokenCommand } from './token-command.js';
import { verifyCommand } from './verify-command.js';

// `npm run payments -- <command>`: the operators' command line (api.md 1).

const commands: readonly CliCommand[] = [tokenCommand, showCommand, parkedCommand, verifyCommand, rebuildCommand];

const help = (): string =>
  [
    'npm run -s payments -- <command> [options]',
    '',
    ...commands.map(({ name, usage, does }) => `  ${`${name} ${usage}`.padEnd(58)} ${does}`),
    '',
    '  --json prints machine-readable lines, --help this page.',
  ].join('\n');

const run = async ([name, ...rest]: readonly string[]): Promise<number> => {
  if (name === undefined || name === '--help' || name === 'help' || rest.includes('--help')) {
    process.stdout.write(`${help()}\n`);
    return name === undefined ? 1 : 0;
  }
  const command = commands.find((known) => known.name === name);
  if (command === undefined) throw new WrongUse(`There is no command ${name}; see: npm run -s payments -- --help`);
  return command.run(rest);
};

/** What an operator did, or has to do, wrong: no stack trace for that. */
const isPlain = (error: unknown): error is Error =>
  error instanceof WrongUse ||
  error instanceof UnusableConfiguration ||
  error instanceof WorkersAtWork ||
  error instanceof StoreRefused ||
  error instanceof StoreUnavailable;

// What `rebuild` writes under DATA_DIR is nobody else's to read.
process.umask(0o077);
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${isPlain(error) ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
