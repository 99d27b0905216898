import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../adapters/embedded/make-folder.js';
import { UnusableConfiguration, type Variables } from './variables.js';

const madeSecrets = { JWT_SECRET: 'hex', WEBHOOK_SECRET: 'hex', ENCRYPTION_KEY: 'base64' } as const;

export const developmentFile = (folder: string): string => join(folder, 'development.env');

/**
 * Secrets for what is not set. They are made once and kept, so that tokens and sealed data survive a restart; the CLI finds them
 * too (api.md 1).
 * @param folder null: nothing is kept
 * @throws UnusableConfiguration
 */
export const developmentSecrets = (variables: Variables, folder: string | null): Variables => {
  const kept = folder === null ? {} : keptSecrets(folder);
  const missing = Object.entries(madeSecrets).filter(([name]) => !kept[name] && !variables[name]);
  if (missing.length === 0) return kept;
  const made = Object.fromEntries(missing.map(([name, encoding]) => [name, randomBytes(32).toString(encoding)]));
  const all = { ...kept, ...made };
  if (folder !== null) keep(all, folder);
  return all;
};

/** Those that were made before; makes none. @throws UnusableConfiguration */
export const keptSecrets = (folder: string): Variables => {
  const file = developmentFile(folder);
  return orSay(folder, () => (existsSync(file) ? linesOf(readFileSync(file, 'utf8')) : {}));
};

const keep = (secrets: Variables, folder: string): void => {
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`);
  const text = `# Made for development; never use these in production.\n${lines.join('')}`;
  orSay(folder, () => {
    makeFolder(folder);
    writeFileSync(developmentFile(folder), text, { mode: 0o600 });
  });
};

const orSay = <T>(folder: string, use: () => T): T => {
  try {
    return use();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnusableConfiguration([`DATA_DIR: ${folder} cannot be used as a folder: ${why}`]);
  }
};

const linesOf = (text: string): Variables =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
  );
