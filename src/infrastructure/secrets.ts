/** What others find in an example, a tutorial or this repository. */
const wellKnown = /change.?(?:me|it)|default|example|secret|password|development|simulator/i;
/** Everybody's; the secret is what follows. */
const keyPrefix = /^(?:SB-)?(?:Mid|VT)-server-/;

/** Of 24 random letters and digits about 20 differ, and as many steps from one to the next. */
const differentMin = 8;

/** Why nobody needs to be told this secret to know it; undefined: it may be one. */
export const whyNoSecret = (secret: Buffer): string | undefined => {
  const text = secret.toString('latin1');
  if (wellKnown.test(text)) return 'is a well-known default; choose a secret of your own';
  return isRandom(Buffer.from(text.replace(keyPrefix, ''), 'latin1'))
    ? undefined
    : 'has too few different characters to be a secret; choose a random one';
};

/** Neither the same again and again nor a sequence. */
const isRandom = (bytes: Buffer): boolean => {
  const steps = bytes.map((byte, index) => byte - (bytes[index - 1] ?? byte));
  return [bytes, steps].every((values) => new Set(values).size >= differentMin);
};

/** Whether two secrets are one, however each is written. */
export const isSameSecret = (one: Buffer, other: Buffer): boolean =>
  writingsOf(one).some((writing) => writingsOf(other).includes(writing));

const writingsOf = (secret: Buffer): readonly string[] =>
  [secret.toString('latin1'), secret.toString('base64'), secret.toString('hex')].map((text) => text.replace(/=+$/, ''));
