import { transformFile } from '@swc/core';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The simulator as JavaScript in a folder of its own inside the project, where its packages are found. Type checking
 * is left to the build.
 */
export const compileSimulator = async (): Promise<{ main: string; remove: () => Promise<void> }> => {
  const source = join(projectRoot, 'simulator');
  await mkdir(join(projectRoot, 'dist'), { recursive: true });
  const target = await mkdtemp(join(projectRoot, 'dist', 'simulator-test-'));
  const files = await readdir(source, { recursive: true });
  await Promise.all(
    files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => compileFile(join(source, file), join(target, file.replace(/ts$/, 'js')))),
  );
  return { main: join(target, 'main.js'), remove: () => rm(target, { recursive: true, force: true }) };
};

const compileFile = async (from: string, to: string): Promise<void> => {
  const { code } = await transformFile(from, {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
    swcrc: false,
  });
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, code);
};
