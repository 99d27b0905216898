import { permissionsOfAll, type Permission, type Role } from './permissions.js';

/** Who asks, as its token says. */
export interface Identity {
  readonly userId: string;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
}

/** @param customersPay ALLOW_CUSTOMER_PAYMENTS */
export const identityWith = (userId: string, roles: readonly Role[], customersPay: boolean): Identity => ({
  userId,
  roles,
  permissions: permissionsOfAll(roles, customersPay),
});

/** May it at all, whoever's payment it is? */
export const mayAny = ({ permissions }: Identity, ...wanted: readonly Permission[]): boolean =>
  wanted.some((permission) => permissions.has(permission));
