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
    const roles = values.roles.split(',').map((role) => role.trim());
    const token = await makeToken({ sub: values.sub, roles, ttlSeconds }, readJwtSecret(process.env));
    say(values.json ? JSON.stringify({ token }) : token);
    return 0;
  },
};
