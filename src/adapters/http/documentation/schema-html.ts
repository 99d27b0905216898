import { attribute, code, html, type Html } from './html.js';

/** What of JSON Schema our own schemas are rendered to. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** A schema to be read: a table of fields, a choice of tables, or its kind in a word. */
export const schemaHtml = (schema: Schema): Html => {
  const choices = objectChoices(schema);
  if (choices) return html`${choices.map(choiceHtml)}`;
  if (schema.properties) return fieldsHtml(schema);
  return html`<p>${kindOf(schema)}</p>`;
};

/** Several shapes of objects; not "or null". */
const objectChoices = ({ oneOf, anyOf }: Schema): readonly Schema[] | undefined => {
  const choices = oneOf ?? anyOf;
  return choices && choices.length > 1 && choices.every(({ properties, $ref }) => properties ?? $ref)
    ? choices
    : undefined;
};

const choiceHtml = (choice: Schema): Html => {
  if (choice.$ref !== undefined) return html`<p>${kindOf(choice)}</p>`;
  const fixed = Object.values(choice.properties ?? {}).find((field) => field.const !== undefined);
  return html`<details>
    <summary>${choice.title ?? textOf(fixed?.const)}</summary>
    ${schemaHtml(choice)}
  </details>`;
};

const fieldsHtml = ({ properties = {}, required = [] }: Schema): Html =>
  html`<table>
    ${Object.entries(properties).map(
      ([name, field]) =>
        html`<tr>
          <th>${name}${required.includes(name) ? '' : html`<i>?</i>`}</th>
          <td>
            ${kindOf(field)}${field.description === undefined ? '' : html`<br />${code(field.description)}`}
            ${nested(field)}
          </td>
        </tr>`,
    )}
  </table>`;

/** What a field holds, where it is more than a word. */
const nested = (field: Schema): Html | string => {
  const inner = field.items ?? (field.anyOf ?? []).find(({ properties }) => properties) ?? field;
  return inner.$ref === undefined && (inner.properties || objectChoices(inner)) ? schemaHtml(inner) : '';
};

const refName = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

const kindOf = (schema: Schema): Html => {
  const { $ref, items, anyOf, oneOf } = schema;
  if ($ref !== undefined) return html`<a href="#schema-${attribute(refName($ref))}">${refName($ref)}</a>`;
  if (items) return html`list of ${kindOf(items)}`;
  if (objectChoices(schema)) return html`one of these`;
  const choices = anyOf ?? oneOf;
  if (choices) return eitherOf(choices.map(kindOf));
  return html`${wordOf(schema)}${code(limitsOf(schema))}`;
};

const eitherOf = (kinds: readonly Html[]): Html => kinds.reduce((all, one) => html`${all} or ${one}`);

const wordOf = ({ type, format, const: fixed, enum: words }: Schema): string => {
  if (fixed !== undefined) return textOf(fixed);
  if (words) return words.map(textOf).join(' | ');
  if (format !== undefined) return format;
  return Array.isArray(type) ? type.join(' or ') : textOf(type ?? 'any');
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

const safe = (limit: number | undefined): number | undefined =>
  limit === undefined || Math.abs(limit) >= Number.MAX_SAFE_INTEGER ? undefined : limit;

/** A pattern is the last thing that somebody wants to read. */
const isAllThatIsTold = ({ format, maxLength, description }: Schema): boolean =>
  format === undefined && maxLength === undefined && description === undefined;

const limitsOf = (schema: Schema): string => {
  const { pattern, minLength, maxLength, exclusiveMinimum } = schema;
  const [from, to] = [safe(schema.minimum), safe(schema.maximum)];
  const limits = [
    from !== undefined && `from ${from}`,
    exclusiveMinimum !== undefined && `more than ${exclusiveMinimum}`,
    to !== undefined && `to ${to}`,
    maxLength !== undefined && `${minLength ?? 0} to ${maxLength} characters`,
    pattern !== undefined && isAllThatIsTold(schema) && `\`${pattern}\``,
    schema.default !== undefined && `${textOf(schema.default)} unless said otherwise`,
  ].filter((limit) => limit !== false);
  return limits.length === 0 ? '' : `, ${limits.join(', ')}`;
};
