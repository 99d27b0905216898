import { describe, expect, it } from '@jest/globals';
import { tokenCommand } from '../../src/infrastructure/cli/token-command.js';
import { WrongUse } from '../../src/infrastructure/cli/command.js';

describe('payments token', () => {
  it.each([
    ['king', '"king"'],
    ['finance,king', '"king"'],
    ['Finance', '"Finance"'],
    ['', '""'],
    ['finance,', '""'],
  ])('refuses the roles "%s", and names those that there are', async (roles, named) => {
    const refused = tokenCommand.run(['--sub', 'budi', '--roles', roles]);
    await expect(refused).rejects.toThrow(WrongUse);
    await expect(refused).rejects.toThrow(
      `--roles: ${named} is no role; choose from customer, service, support, finance, auditor, operator`,
    );
  });
});
