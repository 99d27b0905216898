import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from '@swc/core';

/** A source file by its path from the root of the project, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** As written: `./a.js`, `node:crypto`, `zod`. */
  readonly specifier: string;
  /** What is taken from it; `*`: all of it, or none in particular. */
  readonly names: readonly string[];
}

/** Any node of swc's tree: `type` and whatever hangs below. */
export interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

export const sourcesIn = (folder: string): readonly SourceFile[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const isIterable = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** swc wraps arguments and list elements in objects without a type of their own. */
const nodesIn = (value: unknown): readonly Node[] => {
  if (isNode(value)) return [value];
  if (isIterable(value)) return value.flatMap(nodesIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(nodesIn) : [];
};

export const childrenOf = (node: Node): readonly Node[] =>
  Object.entries(node).flatMap(([field, value]) => (field === 'span' ? [] : nodesIn(value)));

export const programOf = ({ path, text }: SourceFile): Node => {
  try {
    const parsed: unknown = parseSync(text, { syntax: 'typescript', target: 'es2022' });
    if (isNode(parsed)) return parsed;
  } catch (cause) {
    throw new Error(`${path} cannot be parsed`, { cause });
  }
  throw new Error(`${path} cannot be parsed`);
};

const textOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'StringLiteral' && typeof node['value'] === 'string' ? node['value'] : undefined;

const nameOf = (node: unknown): string | undefined =>
  isNode(node) && typeof node['value'] === 'string' ? node['value'] : undefined;

const namesOf = (specifiers: unknown): readonly string[] =>
  nodesIn(specifiers).map((specifier) => {
    if (specifier.type === 'ImportSpecifier') return nameOf(specifier['imported']) ?? nameOf(specifier['local']) ?? '*';
    return specifier.type === 'ExportSpecifier' ? (nameOf(specifier['orig']) ?? '*') : '*';
  });

const importIn = (node: Node): readonly Import[] => {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const specifier = textOf(node['source']);
      return specifier === undefined ? [] : [{ specifier, names: namesOf(node['specifiers']) }];
    }
    case 'TsImportType':
    case 'TsExternalModuleReference': {
      const specifier = textOf(node['argument'] ?? node['expression']);
      return specifier === undefined ? [] : [{ specifier, names: ['*'] }];
    }
    case 'CallExpression': {
      const callee = node['callee'];
      const isImport = isNode(callee) && (callee.type === 'Import' || nameOf(callee) === 'require');
      // What cannot be read cannot be checked either, so it stands as itself and no fence lets it through.
      return isImport
        ? [{ specifier: textOf(nodesIn(node['arguments'])[0]) ?? 'a computed import', names: ['*'] }]
        : [];
    }
    default:
      return [];
  }
};

/** Every import, re-export, `import()`, `import('x')` in a type, and `require` of a file. */
export const importsOf = (file: SourceFile): readonly Import[] => {
  const found: Import[] = [];
  const visit = (node: Node): void => {
    found.push(...importIn(node));
    childrenOf(node).forEach(visit);
  };
  visit(programOf(file));
  return found;
};

/** The file that a relative import leads to; undefined for a package. */
export const importedFile = ({ path }: SourceFile, { specifier }: Import): string | undefined =>
  specifier.startsWith('.') ? normalize(join(dirname(path), specifier)).replace(/\.js$/, '.ts') : undefined;
