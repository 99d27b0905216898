import { dirname } from 'node:path';
import { importedFile, importsOf, type Import, type SourceFile } from './source-file.js';

/** What a part of the project may import. Folders stand for all that is below them. */
interface Fence {
  readonly within: string;
  readonly folders: readonly string[];
  /** Packages and `node:` modules, with the names that may be taken from them; `any`: all of them. */
  readonly packages: Readonly<Record<string, readonly string[]>> | 'any';
  /** Though `any`. */
  readonly notPackages?: readonly string[];
}

const wiring = ['inversify', 'reflect-metadata'];

/** style.md, "Where things go"; design, "Layout". */
const fences: readonly Fence[] = [
  { within: 'src/domain', folders: ['src/domain'], packages: {} },
  {
    within: 'src/application',
    folders: ['src/domain', 'src/application'],
    // Pure: the shape of stored events (design D9), and the hash that makes an order id a payment id (design D2).
    packages: { zod: ['z'], 'node:crypto': ['createHash', 'hash'] },
  },
  { within: 'src/infrastructure', folders: ['src'], packages: 'any' },
  { within: 'simulator', folders: ['simulator'], packages: 'any', notPackages: wiring },
];

/** One technology knows nothing of another. */
const adapterFence = (path: string): Fence | undefined => {
  const [technology] = /^src\/adapters\/[^/]+/.exec(path) ?? [];
  return technology === undefined
    ? undefined
    : {
        within: technology,
        folders: ['src/domain', 'src/application', technology],
        packages: 'any',
        notPackages: wiring,
      };
};

const isWithin = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

const fenceOf = (path: string): Fence | undefined =>
  adapterFence(path) ?? fences.find(({ within }) => isWithin(path, within));

const packageOf = (specifier: string): string =>
  specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : (specifier.split('/')[0] ?? specifier);

const allows = (fence: Fence, file: SourceFile, imported: Import): boolean => {
  const path = importedFile(file, imported);
  if (path !== undefined) return fence.folders.some((folder) => isWithin(path, folder));
  const { specifier, names } = imported;
  if (fence.packages === 'any')
    return specifier !== 'a computed import' && !(fence.notPackages ?? []).includes(packageOf(specifier));
  const allowed = fence.packages[specifier];
  return allowed !== undefined && names.every((name) => allowed.includes(name));
};

/** `src/domain/a.ts imports node:fs`: every import that climbs a fence, and every file that stands outside of all. */
export const climbedFences = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap((file) => {
    const fence = fenceOf(file.path);
    if (!fence) return [`${file.path} belongs to no part of the project`];
    return importsOf(file)
      .filter((imported) => !allows(fence, file, imported))
      .map(({ specifier, names }) => `${file.path} imports ${names.join(', ')} from ${specifier}`);
  });

/** An adapter counts as one folder, whatever it keeps inside: its parts serve one technology together. */
const folderOf = (path: string): string => /^src\/adapters\/[^/]+/.exec(path)?.[0] ?? dirname(path);

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const foldersGraph = (files: readonly SourceFile[]): Graph => {
  const graph = new Map<string, Set<string>>();
  for (const file of files)
    for (const imported of importsOf(file)) {
      const path = importedFile(file, imported);
      const [from, to] = [folderOf(file.path), path && folderOf(path)];
      if (to !== undefined && to !== from) graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
  return graph;
};

const wayBack = (graph: Graph, from: string, to: string, seen: ReadonlySet<string> = new Set()): readonly string[] => {
  if (from === to) return [to];
  for (const next of graph.get(from) ?? []) {
    if (seen.has(next)) continue;
    const way = wayBack(graph, next, to, new Set([...seen, from]));
    if (way.length > 0) return [from, ...way];
  }
  return [];
};

/** `a -> b -> a`: folders that cannot be understood one without the other; each circle from its first folder on. */
export const circles = (files: readonly SourceFile[]): readonly string[] => {
  const graph = foldersGraph(files);
  const found = [...graph].flatMap(([folder, uses]) =>
    [...uses]
      .map((used) => wayBack(graph, used, folder))
      .filter((way) => way.length > 0 && way.every((one) => folder <= one))
      .map((way) => [folder, ...way].join(' -> ')),
  );
  return [...new Set(found)].sort();
};
