import { describe, expect, it } from '@jest/globals';
import { circles, climbedFences } from './fences.js';
import { sourcesIn } from './source-file.js';

const file = (path: string, text: string) => ({ path, text });
const climbed = (path: string, text: string) => climbedFences([file(path, text)]).length > 0;

describe('the fences between the parts of the project', () => {
  const files = [...sourcesIn('src'), ...sourcesIn('simulator')];

  it('have been read at all', () => {
    expect(files.length).toBeGreaterThan(50);
    for (const part of ['src/domain', 'src/application', 'src/adapters', 'simulator'])
      expect(files.some(({ path }) => path.startsWith(`${part}/`))).toBe(true);
  });

  it('stand', () => expect(climbedFences(files)).toStrictEqual([]));

  it('leave no circles between folders of the service', () => expect(circles(sourcesIn('src'))).toStrictEqual([]));
});

describe('a planted import is seen', () => {
  it.each([
    ['src/domain/payments/a.ts', "import { z } from 'zod';"],
    ['src/domain/payments/a.ts', "import { createHash } from 'node:crypto';"],
    ['src/domain/payments/a.ts', "import type { Clock } from '../../application/ports/clock.js';"],
    ['src/domain/payments/a.ts', "export * from '../../adapters/system/system-clock.js';"],
    ['src/domain/payments/a.ts', "export { a } from '../../infrastructure/a.js';"],
    ['src/domain/payments/a.ts', "type A = import('../../application/a.js').A;"],
    ['src/domain/payments/a.ts', "const a = await import('../../application/a.js');"],
    ['src/domain/payments/a.ts', "const a = require('fs');"],
    ['src/domain/payments/a.ts', 'const a = await import(name);'],
    ['src/domain/payments/a.ts', "import '../../../simulator/main.js';"],
    ['src/application/payments/a.ts', "import { MongoClient } from 'mongodb';"],
    ['src/application/payments/a.ts', "import { injectable } from 'inversify';"],
    ['src/application/payments/a.ts', "import { readFileSync } from 'node:fs';"],
    ['src/application/payments/a.ts', "import { createHash, randomUUID } from 'node:crypto';"],
    ['src/application/payments/a.ts', "import * as crypto from 'node:crypto';"],
    ['src/application/payments/a.ts', "import crypto from 'node:crypto';"],
    ['src/application/payments/a.ts', "import { EmbeddedEventLog } from '../../adapters/embedded/event-log.js';"],
    ['src/adapters/http/a.ts', "import { EmbeddedEventLog } from '../embedded/event-log.js';"],
    ['src/adapters/http/payments/a.ts', "import { EmbeddedEventLog } from '../../embedded/event-log.js';"],
    ['src/adapters/http/a.ts', "import { readConfig } from '../../infrastructure/config.js';"],
    ['src/adapters/http/a.ts', "import { inject } from 'inversify';"],
    ['src/adapters/http/a.ts', "import 'reflect-metadata';"],
    ['src/adapters/http/a.ts', "import { start } from '../../../simulator/main.js';"],
    ['src/infrastructure/main.ts', "import { start } from '../../simulator/main.js';"],
    ['src/infrastructure/main.ts', "import { order } from '../../test/domain/payments/wishes-and-reports.js';"],
    ['simulator/main.ts', "import type { Rupiah } from '../src/domain/money/rupiah.js';"],
    ['simulator/main.ts', "import { Container } from 'inversify';"],
    ['src/elsewhere/a.ts', ''],
  ])('in %s: %s', (path, text) => expect(climbed(path, text)).toBe(true));

  it.each([
    ['src/domain/payments/a.ts', "import { rupiah } from '../money/rupiah.js';"],
    ['src/application/payments/a.ts', "import { z } from 'zod'; import { createHash } from 'node:crypto';"],
    ['src/application/payments/a.ts', "import { decide } from '../../domain/payments/decide.js';"],
    ['src/adapters/http/payments/a.ts', "import { a } from '../answers/a.js'; import Koa from 'koa';"],
    ['src/adapters/http/a.ts', "import type { EventLog } from '../../application/ports/event-log.js';"],
    ['src/infrastructure/main.ts', "import { Container } from 'inversify'; import { a } from '../adapters/http/a.js';"],
    ['simulator/main.ts', "import { a } from './clock/a.js'; import Koa from 'koa';"],
    ['src/domain/a.ts', "// import { z } from 'zod';\nconst text = \"import { z } from 'zod'\";"],
  ])('and a good one in %s is let through: %s', (path, text) => expect(climbed(path, text)).toBe(false));
});

describe('a planted circle is seen', () => {
  const uses = (folder: string, other: string) =>
    file(`src/${folder}/a.ts`, `import type { B } from '../${other}/b.js';`);

  it('of two folders, once', () =>
    expect(circles([uses('a', 'b'), uses('b', 'a')])).toStrictEqual(['src/a -> src/b -> src/a']));

  it('of three, once', () =>
    expect(circles([uses('b', 'c'), uses('a', 'b'), uses('c', 'a')])).toStrictEqual([
      'src/a -> src/b -> src/c -> src/a',
    ]));

  it('of two adapters, whatever their folders inside', () =>
    expect(
      circles([
        file('src/adapters/http/payments/a.ts', "import '../../midtrans/b.js';"),
        file('src/adapters/midtrans/b.ts', "import '../http/answers/c.js';"),
      ]),
    ).toStrictEqual(['src/adapters/http -> src/adapters/midtrans -> src/adapters/http']));

  it('but none in a chain, nor in a folder that uses itself', () =>
    expect(circles([uses('a', 'b'), uses('b', 'c'), uses('a', 'c'), uses('c', 'c')])).toStrictEqual([]));
});
