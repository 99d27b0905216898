import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appends } from './appends/appends.js';
import type { Benchmark, BenchParts } from './bench.js';
import { notifications } from './http/notifications.js';
import { payments } from './http/payments.js';
import { reads } from './http/reads.js';
import { visibility } from './http/visibility.js';
import { buildLog, type BuiltLog } from './log/built-log.js';
import { readOptions, usage, type Options } from './options.js';
import { replay } from './replay/replay.js';
import { isMet, shareOf, type Figure } from './report/figure.js';
import { machineLine } from './report/machine.js';
import { tableOf } from './report/table.js';
import { quickPace, usualPace } from './rounds/pace.js';
import { startUp } from './start-up/start-up.js';
import type { BenchStores } from './stores/bench-stores.js';
import { embeddedStores } from './stores/embedded-stores.js';
import { openServerStores, ServersMissing } from './stores/server-stores.js';

// `npm run bench`: each figure beside its ceiling, measured in the same run.

/** The replay comes first: on servers everything that was written before lies in its way. */
const onBoth: readonly Benchmark[] = [replay, notifications, payments, visibility, appends, reads];
/** How soon a service on servers is ready depends on what else they hold. */
const benchmarks = { embedded: [...onBoth, startUp], servers: onBoth };

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const mutter = (line: string): void => void process.stderr.write(`${line}\n`);
const help = usage.replace('NAMES', benchmarks.embedded.map(({ name }) => name).join(', '));

const run = async (options: Options): Promise<void> => {
  const chosen = chosenBy(options);
  const scratch = mkdtempSync(join(tmpdir(), 'payment-bench-'));
  try {
    await runIn(scratch, chosen, options);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const chosenBy = ({ only, stores }: Options): readonly Benchmark[] => {
  const there = benchmarks[stores];
  const unknown = only?.find((name) => there.every((benchmark) => benchmark.name !== name));
  if (unknown !== undefined) throw new TypeError(`--only: there is no benchmark ${unknown} on these stores`);
  return there.filter(({ name }) => only?.includes(name) ?? true);
};

const runIn = async (scratch: string, chosen: readonly Benchmark[], options: Options): Promise<void> => {
  const folder = foldersIn(scratch);
  const stores = options.stores === 'embedded' ? embeddedStores(folder) : await openServerStores(process.env, folder);
  try {
    const figures = await measureAll(chosen, partsFor(stores, folder, options));
    const { servers } = stores;
    say(`\n${machineLine()}${servers === null ? '' : `\n${servers}`}\n`);
    say(tableOf(figures, options.markdown ? 'markdown' : 'text', servers));
    say(`\nWritten to ${write(figures, servers)}`);
  } finally {
    await stores.close();
  }
};

const foldersIn = (scratch: string): BenchParts['folder'] => {
  let folders = 0;
  return (name) => {
    const made = join(scratch, `${++folders}-${name}`);
    mkdirSync(made);
    return made;
  };
};

const partsFor = (stores: BenchStores, folder: BenchParts['folder'], options: Options): BenchParts => {
  const events = options.events ?? stores.events;
  let log: Promise<BuiltLog> | undefined;
  const build = (): Promise<BuiltLog> => {
    mutter(`writing a log of ${events} events and folding its read model ...`);
    return buildLog(stores.fresh('log'), events);
  };
  return { stores, folder, pace: options.quick ? quickPace : usualPace, builtLog: () => (log ??= build()) };
};

/** One that fails is told, and the others go on: what they have measured took minutes. */
const measureAll = async (chosen: readonly Benchmark[], parts: BenchParts): Promise<readonly Figure[]> => {
  const figures: Figure[] = [];
  for (const benchmark of chosen) {
    mutter(`measuring ${benchmark.name} ...`);
    try {
      figures.push(...(await benchmark.measure(parts)));
    } catch (error) {
      mutter(`${benchmark.name} failed: ${error instanceof Error ? error.stack : String(error)}`);
      process.exitCode = 1;
    }
  }
  return figures;
};

/** Beside the others of this machine; not kept in the repository. */
const write = (figures: readonly Figure[], servers: string | null): string => {
  const at = new Date(Date.now()).toISOString();
  const results = join(process.cwd(), 'bench', 'results');
  mkdirSync(results, { recursive: true });
  const file = join(results, `${at.replaceAll(':', '-')}.json`);
  const shown = figures.map((figure) => ({ ...figure, share: shareOf(figure), met: isMet(figure) }));
  writeFileSync(file, `${JSON.stringify({ at, machine: machineLine(), servers, figures: shown }, null, 2)}\n`);
  return file;
};

// What was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) say(help);
  else await run(options);
} catch (error) {
  if (!(error instanceof TypeError || error instanceof ServersMissing)) throw error;
  process.stderr.write(error instanceof ServersMissing ? `${error.message}\n` : `${error.message}\n\n${help}`);
  process.exitCode = 1;
}
// A server may be left over from a benchmark that failed while it started others.
process.exit();
