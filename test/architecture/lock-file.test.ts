import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

type Locked = {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

const locked = (from: string, name: string): boolean =>
  `${from}/node_modules/${name}` in packages || `node_modules/${name}` in packages;

const unlocked = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
  Object.keys(optionalDependencies).filter((name) => !locked(path, name)),
);

/** All but the project itself. */
const fetched = Object.entries(packages).filter(([path]) => path !== '');

describe('the lock file installs on any machine', () => {
  // `npm ci` refuses a lock file that leaves out a platform, on that platform and on every other. A registry that serves
  // only some of them makes `npm install` leave them out without a word.
  it('naming the builds of native packages for all platforms, not only for the one it was made on', () =>
    expect(unlocked).toStrictEqual([]));

  it('and no place that packages were fetched from', () =>
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toStrictEqual([]));

  // What a registry hands out instead of it is then refused, on every platform.
  it('and the hash of each package', () =>
    expect(fetched.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-')).map(([path]) => path)).toEqual(
      [],
    ));
});
