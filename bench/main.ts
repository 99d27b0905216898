import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appends } from './appends/appends.js';
import type { Benchmark, BenchParts } from './bench.js';
import { notifications } from './http/notifications.js';
import { payments } from './http/payments.js';
import { reads } from './http/reads.js';
import { buildLog, type BuiltLog } from './log/built-log.js';
import { readOptions, usage, type Options } from './options.js';
import { replay } from './replay/replay.js';
import { isMet, shareOf, type Figure } from './report/figure.js';
import { machineLine } from './report/machine.js';
import { tableOf } from './report/table.js';
import { startUp } from './start-up/start-up.js';

// `npm run bench`: each figure beside its ceiling, measured in the same run.

const benchmarks: readonly Benchmark[] = [notifications, payments, appends, replay, reads, startUp];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const mutter = (line: string): void => void process.stderr.write(`${line}\n`);

const run = async (options: Options): Promise<void> => {
  const chosen = benchmarks.filter(({ name }) => options.only === null || name === options.only);
  if (chosen.length === 0) throw new TypeError(`--only: there is no benchmark ${options.only}`);
  const scratch = mkdtempSync(join(tmpdir(), 'payment-bench-'));
  try {
    const figures = await measureAll(chosen, partsFor(scratch, options.events));
    say(`\n${machineLine()}\n`);
    say(tableOf(figures, options.markdown ? 'markdown' : 'text'));
    say(`\nWritten to ${write(figures)}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const measureAll = async (chosen: readonly Benchmark[], parts: BenchParts): Promise<readonly Figure[]> => {
  const figures: Figure[] = [];
  for (const benchmark of chosen) {
    mutter(`measuring ${benchmark.name} ...`);
    figures.push(...(await benchmark.measure(parts)));
  }
  return figures;
};

const partsFor = (scratch: string, events: number): BenchParts => {
  let folders = 0;
  let log: Promise<BuiltLog> | undefined;
  const folder = (name: string): string => {
    const made = join(scratch, `${++folders}-${name}`);
    mkdirSync(made);
    return made;
  };
  const build = (): Promise<BuiltLog> => {
    mutter(`writing a log of ${events} events and folding its read model ...`);
    return buildLog(folder('log'), events);
  };
  return { folder, builtLog: () => (log ??= build()) };
};

/** Beside the others of this machine; not kept in the repository. */
const write = (figures: readonly Figure[]): string => {
  const at = new Date(Date.now()).toISOString();
  const results = join(process.cwd(), 'bench', 'results');
  mkdirSync(results, { recursive: true });
  const file = join(results, `${at.replaceAll(':', '-')}.json`);
  const shown = figures.map((figure) => ({ ...figure, share: shareOf(figure), met: isMet(figure) }));
  writeFileSync(file, `${JSON.stringify({ at, machine: machineLine(), figures: shown }, null, 2)}\n`);
  return file;
};

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage.replace('NAMES', benchmarks.map(({ name }) => name).join(', '))}`);
  process.exitCode = 1;
}
