import { transformFileSync } from '@swc/core';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const root = process.cwd();

/**
 * Compiles a TypeScript file and what it imports of ours into a folder of its own, so that plain Node can run it as another
 * process without a build of the whole. Answers the folder, and the path of the compiled file in it.
 */
export const compiled = (entry: string): { readonly folder: string; readonly path: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'payments-compiled-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const waiting = [resolve(root, entry)];
  for (const source of waiting) {
    const target = join(folder, targetOf(source));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      transformFileSync(source, { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }).code,
    );
    for (const imported of importsOf(source)) if (!waiting.includes(imported)) waiting.push(imported);
  }
  return { folder, path: join(folder, targetOf(resolve(root, entry))) };
};

const targetOf = (source: string): string => relative(root, source).replace(/\.ts$/, '.js');

const importsOf = (source: string): readonly string[] =>
  [...readFileSync(source, 'utf8').matchAll(/(?:from |import\()'(\.[^']+)\.js'/g)].map(([, path = '']) =>
    resolve(dirname(source), `${path}.ts`),
  );
