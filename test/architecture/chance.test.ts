import { describe, expect, it } from '@jest/globals';
import { chanceIn, environmentReadIn, environmentTouchedIn } from './chance.js';
import { sourcesIn } from './source-file.js';

const planted = (text: string) => [{ path: 'src/domain/a.ts', text }];
const core = [...sourcesIn('src/domain'), ...sourcesIn('src/application')];
const isConfiguration = ({ path }: { readonly path: string }) => path === 'src/infrastructure/config.ts';
const isInfrastructure = ({ path }: { readonly path: string }) => path.startsWith('src/infrastructure/');

describe('nothing is left to chance in the core (design D8)', () => {
  it('which has been read at all', () => expect(core.length).toBeGreaterThan(30));

  it('neither clock nor timers, randomness, network or environment', () => expect(chanceIn(core)).toStrictEqual([]));

  it.each([
    'const now = Date.now();',
    "const now = Date['now']();",
    'const { now } = Date;',
    'const clock = Date;',
    'const now = Date();',
    'const now = new Date();',
    'const now = new Date;',
    'const now = new (Date)();',
    'const now = new Date(...given);',
    'const now = new Date().toISOString();',
    'const at = (now = new Date()) => now;',
    'class A { readonly at = new Date(); }',
    'class Moment extends Date {}',
    'const now = Reflect.construct(Date, []);',
    'const now = new globalThis.Date();',
    'const dice = Math.random();',
    "const dice = Math['random']();",
    'const { random } = Math;',
    'const dice = Math[name]();',
    'setTimeout(done, 10);',
    'const later = setTimeout;',
    'const waits = { later: setTimeout };',
    'const waits = { setTimeout };',
    'setInterval(done, 10);',
    'setImmediate(done);',
    'queueMicrotask(done);',
    "const answer = await fetch('https://example.com');",
    'const call = (send = fetch) => send();',
    'globalThis.fetch(url);',
    'const id = crypto.randomUUID();',
    'const id = globalThis.crypto.randomUUID();',
    'const since = performance.now();',
    'const since = process.hrtime();',
    'process.nextTick(done);',
    'const key = process.env.KEY;',
    "import { randomUUID } from 'node:crypto';",
    "import { createHash, randomBytes as bytes } from 'crypto';",
    "import * as crypto from 'node:crypto';",
    "import crypto from 'node:crypto';",
    "import { setTimeout as sleep } from 'node:timers/promises';",
    "import { performance } from 'node:perf_hooks';",
    "import { env } from 'node:process';",
    "import { request } from 'node:http';",
    "const { randomUUID } = await import('node:crypto');",
  ])('so a planted `%s` is seen', (text) => expect(chanceIn(planted(text))).not.toStrictEqual([]));

  it.each([
    'const at = new Date(epochMs).toISOString();',
    'const at = new Date(2026, 10, 23);',
    'const at = Date.parse(text) + Date.UTC(2026, 10);',
    'const greatest = Math.max(1, 2);',
    'const asked = clock.now();',
    'const asked = ports.fetch(url);',
    'const asked = { fetch: 1, process: 2, crypto: 3 };',
    'interface Ports { readonly fetch: () => void; readonly Date: string }',
    'type At = Date;',
    'const at = (moment: Date): void => undefined;',
    "const text = 'Date.now() and fetch()'; // new Date()",
    "import { createHash } from 'node:crypto';",
  ])('and `%s` is let through', (text) => expect(chanceIn(planted(text))).toStrictEqual([]));

  it('says what and where', () =>
    expect(chanceIn(planted('const now = Date.now(); const then = new Date();'))).toStrictEqual([
      'src/domain/a.ts uses Date.now',
      'src/domain/a.ts uses new Date()',
    ]));
});

describe('the environment', () => {
  const service = sourcesIn('src');

  it('is read by configuration alone', () =>
    expect(environmentReadIn(service.filter((file) => !isConfiguration(file)))).toStrictEqual([]));

  it('is handed over by entry points alone', () =>
    expect(environmentTouchedIn(service.filter((file) => !isInfrastructure(file)))).toStrictEqual([]));

  it.each([
    'const port = process.env.PORT;',
    "const port = process.env['PORT'];",
    'const port = process.env[name];',
    'const { PORT } = process.env;',
    'const { env } = process;',
    'const variables = process.env;',
  ])('so a planted `%s` is seen', (text) =>
    expect(environmentReadIn(planted(text))).toStrictEqual(['src/domain/a.ts uses process.env']),
  );

  it.each(['const config = readConfig(process.env);', 'spawn(command, { env: { ...process.env, PORT: 1 } });'])(
    'and `%s` hands it over, which is none of a core\u2019s business',
    (text) => {
      expect(environmentReadIn(planted(text))).toStrictEqual([]);
      expect(environmentTouchedIn(planted(text))).toStrictEqual(['src/domain/a.ts uses process.env']);
    },
  );
});
