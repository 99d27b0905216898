import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { compiled } from '../../faults/compiled.js';

let talkative: ReturnType<typeof compiled>;

beforeAll(() => {
  talkative = compiled('test/adapters/pino/talkative-process.ts');
});

afterAll(() => rmSync(talkative.folder, { recursive: true, force: true }));

/** What a process that says so many lines leaves on its stdout. */
const saidBefore = async (ending: string, lines: number): Promise<readonly string[]> => {
  const child = spawn(process.execPath, [talkative.path, String(lines), ending], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {},
    timeout: 30_000,
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'close');
  const whole = said.split('\n');
  expect(whole.pop()).toBe('');
  return whole.map((line) => String((JSON.parse(line) as { msg: unknown }).msg));
};

describe('lines that are gathered before they are written', () => {
  it.each(['close', 'exit', 'throw', 'nothing left to do'])(
    'are all there, in order and whole, when the process ends by: %s',
    async (ending) => {
      for (const lines of [1, 3_000]) {
        const expected = Array.from({ length: lines }, (_, n) => `line ${n + 1} 🧾`);
        expect(await saidBefore(ending, lines)).toEqual(expected);
      }
    },
    60_000,
  );
});
