import type { Permission, Role } from './permissions.js';

/** Who asks, as its token says. */
export interface Identity {
  readonly userId: string;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
}

/** May it at all, whoever's payment it is? */
export const mayAny = ({ permissions }: Identity, ...wanted: readonly Permission[]): boolean =>
  wanted.some((permission) => permissions.has(permission));
