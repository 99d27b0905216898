import { isRole, roles as knownRoles, type Role } from '../../adapters/http/identity/permissions.js';
import { readJwtSecret } from '../config.js';
import { makeToken } from '../tokens.js';
import { readArgs, say, WrongUse, type CliCommand } from './command.js';

const defaultTtlSeconds = '3600';

/** Prints a token and nothing else; opens no store. */
export const tokenCommand: CliCommand = {
  name: 'token',
  usage: '--sub <user> [--roles <a,b>] [--ttl <seconds>]',
  does: 'prints a token signed with JWT_SECRET',
  async run(args) {
    const { values } = readArgs(args, {
      sub: { type: 'string' },
      roles: { type: 'string', default: 'customer' },
      ttl: { type: 'string', default: defaultTtlSeconds },
      json: { type: 'boolean', default: false },
    });
    const ttlSeconds = Number(values.ttl);
    if (!values.sub) throw new WrongUse('--sub: name the user that the token speaks for');
    if (!Number.isInteger(ttlSeconds) || ttlSeconds <= 0)
      throw new WrongUse('--ttl: must be whole seconds, more than 0');
    const roles = rolesIn(values.roles);
    const token = await makeToken({ sub: values.sub, roles, ttlSeconds }, readJwtSecret(process.env));
    say(values.json ? JSON.stringify({ token }) : token);
    return 0;
  },
};

/** A role that nobody knows permits nothing, which is seldom what was meant. @throws WrongUse */
const rolesIn = (list: string): readonly Role[] =>
  list.split(',').map((name) => {
    const role = name.trim();
    if (isRole(role)) return role;
    throw new WrongUse(`--roles: "${role}" is no role; choose from ${knownRoles.join(', ')}`);
  });
