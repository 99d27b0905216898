import type { OpenApiDocument } from './openapi-document.js';
import { attribute, code, html, prose, type Html } from './html.js';
import { schemaHtml, type Schema } from './schema-html.js';
import { style } from './docs-style.js';

type Operation = NonNullable<NonNullable<OpenApiDocument['paths']>[string]['get']>;
interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const methods = ['get', 'post', 'put', 'delete'] as const;

const routesOf = ({ paths = {} }: OpenApiDocument): readonly Route[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ method: method.toUpperCase(), path, operation }] : [];
    }),
  );

const anchorOf = ({ method, path }: Route): string => `${method}${path.replace(/[^a-z0-9]+/gi, '-')}`.toLowerCase();

/** The OpenAPI document as one page to read: no script, nothing loaded from anywhere. */
export const docsPage = (document: OpenApiDocument): string => {
  const routes = routesOf(document);
  const tags = [...new Set(routes.flatMap(({ operation }) => operation.tags ?? []))];
  const ofTag = (tag: string) => routes.filter(({ operation }) => operation.tags?.includes(tag));
  const schemas = Object.entries(document.components?.schemas ?? {});
  const { title, description = '' } = document.info;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <nav>
          <h1>${title}</h1>
          ${tags.map((tag) => navigation(tag, ofTag(tag)))}
          <h2>Shapes</h2>
          <ul>
            ${schemas.map(([name]) => html`<li><a href="#schema-${attribute(name)}">${name}</a></li>`)}
          </ul>
        </nav>
        <main>
          ${prose(description)}
          <p>A field with <code>?</code> behind its name may be left out. As a file for tools: <a href="/openapi.json">/openapi.json</a></p>
          <pre><code>${firstPayment}</code></pre>
          ${tags.map((tag) => html`<h2>${tag}</h2>${ofTag(tag).map(routeHtml)}`)}
          <h2>Shapes</h2>
          ${schemas.map(([name, schema]) => namedSchema(name, schema as Schema))}
        </main>
      </body>
    </html>`.text;
}; // prettier-ignore

const firstPayment = `curl -s $URL/payments -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' -H 'Idempotency-Key: 7f1c2a' -d '{
    "order_id": "order-1001", "payment_type": "bank_transfer",
    "gross_amount": 50000, "payment_details": {"bank": "bca"}
  }'
curl -s "$URL/payments/$ID?min_revision=1" -H "Authorization: Bearer $TOKEN"`;

const navigation = (tag: string, routes: readonly Route[]): Html =>
  html`<h2>${tag}</h2>
    <ul>
      ${routes.map(
        (route) =>
          html`<li>
            <a href="#${anchorOf(route)}"><b class="${route.method}">${route.method}</b> ${route.path}</a>
          </li>`,
      )}
    </ul>`;

const routeHtml = (route: Route): Html => {
  const { method, path, operation } = route;
  const { parameters = [], requestBody, responses = {} } = operation;
  return html`<article id="${anchorOf(route)}">
    <h3><b class="${method}">${method}</b> <code>${path}</code></h3>
    <p class="summary">${operation.summary ?? ''}</p>
    ${prose(operation.description ?? '')}
    ${
      parameters.length > 0
        ? html`<h4>Parameters</h4>
            ${parametersHtml(parameters as readonly Parameter[])}`
        : ''
    }
    ${
      requestBody && 'content' in requestBody
        ? html`<h4>Body${requestBody.required ? '' : ', may be left out'}</h4>
            ${contentHtml(requestBody.content)}`
        : ''
    }
    <h4>Answers</h4>
    ${Object.entries(responses as Readonly<Record<string, Response>>).map(responseHtml)}
  </article>`;
};

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

const parametersHtml = (parameters: readonly Parameter[]): Html =>
  schemaHtml({
    type: 'object',
    properties: Object.fromEntries(
      parameters.map(({ name, in: place, schema = {} }) => [`${name} (${place})`, schema]),
    ),
    required: parameters.filter(({ required }) => required).map(({ name, in: place }) => `${name} (${place})`),
  });

interface Response {
  readonly description?: string;
  readonly content?: Content;
}
type Content = Readonly<Record<string, { readonly schema?: unknown }>>;

const responseHtml = ([status, { description = '', content }]: readonly [string, Response]): Html =>
  status < '400'
    ? html`<p><b>${status}</b> ${code(description)}</p>
        ${content ? contentHtml(content) : ''}`
    : html`<p><b class="error">${status}</b> ${code(description)}</p>`;

const contentHtml = (content: Content): Html =>
  html`${Object.values(content).map(({ schema }) => schemaHtml((schema ?? {}) as Schema))}`;

const namedSchema = (name: string, schema: Schema): Html =>
  html`<article id="schema-${attribute(name)}">
    <h3>${name}</h3>
    ${prose(schema.description ?? '')} ${schemaHtml(schema)}
  </article>`;
