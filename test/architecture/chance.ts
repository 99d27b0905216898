import { childrenOf, importsOf, isNode, programOf, type Node, type SourceFile } from './source-file.js';

// Nothing is left to chance in the core (design D8): clock, timers, ids, randomness and network are ports.

/** Globals that bring in the clock, chance, the network or the environment. */
const forbidden: ReadonlySet<string> = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'WebSocket',
  'EventSource',
  'crypto',
  'performance',
  'process',
  'globalThis',
  'global',
  'Temporal',
]);

/** Harmless members of globals that are not so as a whole. */
const harmless: Readonly<Record<string, (member: string) => boolean>> = {
  Date: (member) => member === 'parse' || member === 'UTC',
  Math: (member) => member !== 'random',
};

const nameOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'Identifier' && typeof node['value'] === 'string' ? node['value'] : undefined;

/** `Date.now`, `Date['now']`; undefined when the member is computed. */
const memberOf = ({ property }: Node): string | undefined => {
  if (!isNode(property)) return undefined;
  const inner = property.type === 'Computed' ? property['expression'] : property;
  const isWord = isNode(inner) && (inner === property || inner.type === 'StringLiteral');
  return isWord && typeof inner['value'] === 'string' ? inner['value'] : undefined;
};

const isGiven = (list: unknown): boolean => Array.isArray(list) && list.length > 0;

/** `new Date(x)` reads no clock, unlike `new Date()` and `new Date`. A spread may be empty, so it may read the clock. */
const isDateOfSomething = ({ type, callee, arguments: given }: Node): boolean =>
  type === 'NewExpression' &&
  nameOf(callee) === 'Date' &&
  isGiven(given) &&
  !JSON.stringify(given).startsWith('[{"spread":{');

const isHarmlessMember = (node: Node): boolean => {
  if (node.type !== 'MemberExpression') return false;
  const [object, member] = [nameOf(node['object']), memberOf(node)];
  return object !== undefined && member !== undefined && (harmless[object]?.(member) ?? false);
};

const isType = ({ type }: Node): boolean =>
  /^Ts(Type|Interface|Function|Constructor|Array|Tuple|Union|Intersection|Keyword|Literal|Mapped|Indexed|Conditional)/.test(
    type,
  );

/** Children in which a name is a use of it: not the name of a member, of a field, or in a type. */
const usesIn = (node: Node): readonly Node[] => {
  const { property, key, callee, object } = node;
  const named = [property, key].filter((name): name is Node => isNode(name) && name.type === 'Identifier');
  const skipped: unknown[] = [...named];
  if (isDateOfSomething(node)) skipped.push(callee);
  if (isHarmlessMember(node)) skipped.push(object);
  return childrenOf(node).filter((child) => !skipped.includes(child) && !isType(child));
};

const described = (node: Node, name: string): string => {
  const member = node.type === 'MemberExpression' ? memberOf(node) : undefined;
  if (member !== undefined && nameOf(node['object']) === name) return `${name}.${member}`;
  return node.type === 'NewExpression' ? `new ${name}()` : name;
};

const usesOfGlobals = (node: Node): readonly string[] =>
  usesIn(node).flatMap((child) => {
    const name = nameOf(child);
    const isForbidden = name !== undefined && (forbidden.has(name) || Object.hasOwn(harmless, name));
    return [...(isForbidden ? [described(node, name)] : []), ...usesOfGlobals(child)];
  });

/** Modules that tell the time, wait, roll dice or talk to others. */
const restless =
  /^(node:)?(timers|perf_hooks|http|https|http2|net|tls|dgram|dns|child_process|worker_threads|cluster|process)(\/|$)/;
const dice: ReadonlySet<string> = new Set([
  'randomUUID', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues', 'webcrypto', 'pseudoRandomBytes',
  'generateKey', 'generateKeySync', 'generateKeyPair', 'generateKeyPairSync', '*',
]); // prettier-ignore

const restlessImports = (file: SourceFile): readonly string[] =>
  importsOf(file).flatMap(({ specifier, names }) => {
    if (restless.test(specifier)) return [specifier];
    return /^(node:)?crypto$/.test(specifier)
      ? names.filter((name) => dice.has(name)).map((name) => `${name} of ${specifier}`)
      : [];
  });

const inFile = (file: SourceFile, found: readonly string[]): readonly string[] =>
  found.map((what) => `${file.path} uses ${what}`);

/** `src/domain/a.ts uses Date.now`: whatever of the outer world a file reaches for. */
export const chanceIn = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap((file) => inFile(file, [...usesOfGlobals(programOf(file)), ...restlessImports(file)]));

const isEnvironment = (node: unknown): boolean =>
  isNode(node) && node.type === 'MemberExpression' && nameOf(node['object']) === 'process' && memberOf(node) === 'env';

/** A variable taken out of the environment, by name or by destructuring; handing `process.env` on as a whole is none. */
const readsOfEnvironment = (node: Node): readonly string[] => {
  const taken = node.type === 'MemberExpression' && isEnvironment(node['object']);
  const unpacked = node.type === 'VariableDeclarator' && isEnvironment(node['init']);
  const imported = node.type === 'VariableDeclarator' && nameOf(node['init']) === 'process';
  return [...(taken || unpacked || imported ? ['process.env'] : []), ...childrenOf(node).flatMap(readsOfEnvironment)];
};

/** Who reads a variable of the environment: only configuration may (style.md, "Wiring"). */
export const environmentReadIn = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap((file) => inFile(file, readsOfEnvironment(programOf(file))));

/** Who so much as touches the environment: configuration, and the entry points that hand it over. */
export const environmentTouchedIn = (files: readonly SourceFile[]): readonly string[] => {
  const touched = (node: Node): readonly string[] => [
    ...(isEnvironment(node) ? ['process.env'] : []),
    ...childrenOf(node).flatMap(touched),
  ];
  return files.flatMap((file) => inFile(file, touched(programOf(file))));
};
