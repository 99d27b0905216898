import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { commandOf, environmentOf, lineageOf, stagesOf, valuesOf } from './dockerfile.js';

const stages = stagesOf(readFileSync('Dockerfile', 'utf8'));

const packagesAddedIn = (name: string): readonly string[] =>
  valuesOf(lineageOf(stages, name), 'RUN').flatMap((command) =>
    (/apk add --no-cache ([^&]*)/.exec(command)?.[1] ?? '').split(/\s+/).filter(Boolean),
  );

const probeOf = (name: string): readonly string[] =>
  JSON.parse(
    /CMD (\[.*)$/.exec(valuesOf(lineageOf(stages, name), 'HEALTHCHECK').at(-1) ?? '')?.[1] ?? '[]',
  ) as string[];

describe('the Dockerfile', () => {
  it('builds the service when no target is named', () => {
    expect(stages.map(({ name }) => name)).toEqual([
      'dependencies',
      'build',
      'runtime',
      'simulator',
      'payment-service',
    ]);
  });

  it('stands on one exact version of Node 24 on one exact version of Alpine', () => {
    const images = stages.map(({ base }) => base).filter((base) => !stages.some(({ name }) => name === base));
    expect(images).toHaveLength(3);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:24\.\d+\.\d+-alpine3\.\d+$/);
  });

  it('installs exactly what the lock file names, and for what runs nothing that only development needs', () => {
    expect(valuesOf(lineageOf(stages, 'dependencies'), 'RUN')).toContain('npm ci --omit=dev');
    expect(valuesOf(lineageOf(stages, 'build'), 'RUN')).toEqual(['npm ci --ignore-scripts', 'npm run build']);
  });

  it('refuses to start with anything that is not fit for production unless told otherwise', () => {
    expect(environmentOf(lineageOf(stages, 'payment-service'))).toEqual({
      NODE_ENV: 'production',
      ENVIRONMENT: 'production',
      DATA_DIR: '/data',
    });
  });
});

describe.each([
  { image: 'payment-service', port: '3002', main: 'dist/src/infrastructure/main.js', code: 'src', alive: '/healthz' },
  { image: 'simulator', port: '3003', main: 'dist/simulator/main.js', code: 'simulator', alive: '/_simulator/clock' },
])('the image $image', ({ image, port, main, code, alive }) => {
  const lineage = lineageOf(stages, image);

  it('has certificates, time zones and dumb-init, and no build tools', () => {
    expect(packagesAddedIn(image)).toEqual(['ca-certificates', 'dumb-init', 'tzdata']);
    expect(packagesAddedIn('dependencies')).toEqual(['python3', 'make', 'g++']);
  });

  it('hands its signals to Node by dumb-init', () => {
    expect(commandOf(lineage)).toEqual(['dumb-init', 'node', '--enable-source-maps', main]);
    expect(valuesOf(lineage, 'ENTRYPOINT')).toEqual([]);
  });

  it('holds only what runs', () => {
    expect(valuesOf(lineage, 'COPY')).toEqual([
      'package.json ./',
      '--from=dependencies /app/node_modules ./node_modules',
      `--from=build /app/dist/${code} ./dist/${code}`,
    ]);
    expect(valuesOf(lineage, 'ADD')).toEqual([]);
  });

  it('does not run as root', () => {
    expect(valuesOf(lineage, 'USER')).toEqual(['node']);
  });

  it('names its port', () => {
    expect(valuesOf(lineage, 'EXPOSE')).toEqual([port]);
  });

  it('asks itself by Node whether it is alive', () => {
    const [node, flag, script] = probeOf(image);
    expect([node, flag]).toEqual(['node', '-e']);
    expect(script).toContain(`${port}}${alive}`);
  });
});

describe('.dockerignore', () => {
  it('lets in what the Dockerfile copies from here, and nothing else', () => {
    const lines = readFileSync('.dockerignore', 'utf8').split('\n');
    const [everything, ...rest] = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(everything).toBe('*');
    const copied = stages
      .flatMap((stage) => valuesOf([stage], 'COPY'))
      .filter((value) => !value.startsWith('--from='))
      .flatMap((value) => value.split(' ').slice(0, -1));
    const letIn = rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(letIn.toSorted()).toEqual([...new Set(copied)].toSorted());
  });
});
