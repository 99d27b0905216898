import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secrets } from './compose-file.js';
import { commandOf, environmentOf, lineageOf, stagesOf, valuesOf, type Stage } from './dockerfile.js';

// A machine without a Docker engine cannot build the images. So their files are put together here as the Dockerfile says, and
// started by its CMD. Two things differ: the machine's Node instead of the image's, and better-sqlite3's native part, which is
// taken from this project's own node_modules (same version, same Node) instead of being compiled again for a minute.

const root = process.cwd();
const stages = stagesOf(readFileSync('Dockerfile', 'utf8'));

const run = (program: string, args: readonly string[], cwd: string): void => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', env: withoutJest() });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
};

const withoutJest = (): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _options, ...rest } = process.env;
  return rest;
};

/** The stage `dependencies`. */
const installDependencies = (folder: string): void => {
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(root, file), join(folder, file));
  run('npm', ['ci', '--omit=dev', '--ignore-scripts'], folder);
  const native = 'node_modules/better-sqlite3/build';
  cpSync(join(root, native), join(folder, native), { recursive: true });
};

/** The stage `build`: only what it copies is there. */
const build = (folder: string): void => {
  for (const path of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'src', 'simulator'])
    cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  run('npm', ['run', 'build'], folder);
};

/** Does what the `COPY` lines of an image say. */
const putTogether = (
  lineage: readonly Stage[],
  folder: string,
  stageFolders: Readonly<Record<string, string>>,
): void => {
  for (const value of valuesOf(lineage, 'COPY')) {
    const [, from, source = '', target = ''] = /^(?:--from=(\w+) \/app\/)?(\S+) (\S+)$/.exec(value) ?? [];
    const there = join(from === undefined ? root : (stageFolders[from] ?? ''), source);
    cpSync(there, join(folder, target.endsWith('/') ? join(target, source) : target), { recursive: true });
  }
};

const freePort = async (): Promise<string> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
};

const eventually = async (isSo: () => Promise<boolean>, withinMs = 20_000): Promise<boolean> => {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
};

describe('the files of the images, in a clean folder', () => {
  let folder: string;
  const started: ChildProcess[] = [];
  const folderOf = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'image-'));
    for (const name of ['dependencies', 'build', 'payment-service', 'simulator', 'data']) mkdirSync(folderOf(name));
    installDependencies(folderOf('dependencies'));
    build(folderOf('build'));
    const stageFolders = { dependencies: folderOf('dependencies'), build: folderOf('build') };
    for (const name of ['payment-service', 'simulator'])
      putTogether(lineageOf(stages, name), folderOf(name), stageFolders);
  }, 240_000);
  afterAll(async () => {
    for (const child of started.filter(({ exitCode }) => exitCode === null)) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  });

  /** The image's CMD, without dumb-init, which this machine may not have. */
  const start = (name: string, variables: Readonly<Record<string, string>>) => {
    const lineage = lineageOf(stages, name);
    const [, , ...args] = commandOf(lineage);
    const child = spawn(process.execPath, args, {
      cwd: folderOf(name),
      env: { PATH: process.env['PATH'], ...environmentOf(lineage), DATA_DIR: folderOf('data'), ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(child);
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, printed }));
    return { child, ended };
  };

  /** The exit status of the image's HEALTHCHECK. */
  const health = async (name: string, variables: Readonly<Record<string, string>>): Promise<number> => {
    const probe = /CMD (\[.*)$/.exec(valuesOf(lineageOf(stages, name), 'HEALTHCHECK').at(-1) ?? '')?.[1] ?? '[]';
    const [, ...args] = JSON.parse(probe) as string[];
    const child = spawn(process.execPath, args, { env: variables, stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number];
    return code;
  };

  const production = {
    ...secrets,
    ALLOW_EMBEDDED_STORES: 'true',
    MIDTRANS_ENVIRONMENT: 'production',
    MIDTRANS_SERVER_KEY: 'Mid-server-Zk3tP0vQx8RrW5yLbN2sHd7c',
    MIDTRANS_CLIENT_KEY: 'Mid-client-u4Gm9TfKq1XwEo6j',
  };

  it('hold nothing that only development needs', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { dev?: boolean }>;
    };
    const only = Object.keys(devDependencies).filter((name) => packages[`node_modules/${name}`]?.dev);
    expect(only).toContain('typescript');
    expect(only.filter((name) => existsSync(join(folderOf('payment-service'), 'node_modules', name)))).toEqual([]);
  });

  it('serve, say that they are alive, and end with 0 on SIGTERM', async () => {
    const PORT = await freePort();
    expect(await health('payment-service', { PORT })).toBe(1);
    const { child, ended } = start('payment-service', { ...production, PORT });
    expect(await eventually(async () => (await health('payment-service', { PORT })) === 0)).toBe(true);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('refuse to start unconfigured, with one line for each thing that is missing', async () => {
    const { code, printed } = await start('payment-service', {}).ended;
    expect(code).toBe(1);
    expect(
      printed
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual([
      'JWT_SECRET',
      'WEBHOOK_SECRET',
      'ENCRYPTION_KEY',
      'EVENTSTORE_URL',
      'MONGODB_URI',
      'MIDTRANS_SERVER_KEY',
      'MIDTRANS_CLIENT_KEY',
    ]);
  });

  it('print a token with no more than JWT_SECRET', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      ['dist/src/infrastructure/cli/main.js', 'token', '--sub', 'budi', '--roles', 'finance'],
      { cwd: folderOf('payment-service'), env: { JWT_SECRET: secrets.JWT_SECRET }, encoding: 'utf8' },
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  });

  it('imitate Midtrans, say that they are alive, and end with 0 on SIGTERM', async () => {
    const SIMULATOR_PORT = await freePort();
    const { child, ended } = start('simulator', { SIMULATOR_PORT, SIMULATOR_HOST: '127.0.0.1' });
    expect(await eventually(async () => (await health('simulator', { SIMULATOR_PORT })) === 0)).toBe(true);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});
