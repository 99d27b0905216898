/** Something in a JSON body that no store could give back as it came. `field`: a path as in `invalidRequest`. */
export interface CannotBeKept {
  readonly field: string;
  readonly wrong: string;
}

const illFormedText = 'must be well-formed Unicode; half of a surrogate pair stands alone in it';
const illFormedName = 'has a field whose name is not well-formed Unicode';
const tooLargeNumber = 'is a number too large to be kept';
/** JSON.parse makes it a field like any other; whatever copies the object field by field loses it without a word. */
const prototypeName = 'has a field with the name __proto__, which is not taken';

/**
 * The first of it: text that is not Unicode (a store would put U+FFFD there, and make one field of two), a number that JSON.parse has made
 * infinite, a field that would be lost on the way. A path ends before a name that is at fault itself.
 */
export const whatCannotBeKept = (value: unknown, path = ''): CannotBeKept | undefined => {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : { field: path, wrong: illFormedText };
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { field: path, wrong: tooLargeNumber };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (!name.isWellFormed()) return { field: path, wrong: illFormedName };
    if (name === '__proto__') return { field: path, wrong: prototypeName };
    const found = whatCannotBeKept(inner, path === '' ? name : `${path}.${name}`);
    if (found) return found;
  }
  return undefined;
};
