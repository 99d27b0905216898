import type { HttpMiddleware } from '../requests/http-context.js';
import { docsPage } from './docs-page.js';
import { openApiDocument } from './openapi-document.js';

/** Made once, when first asked for. */
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

const openApiText = once(() => JSON.stringify(openApiDocument()));
const docsText = once(() => docsPage(openApiDocument()));

export const getOpenApi: HttpMiddleware = (ctx) => {
  ctx.type = 'application/json';
  ctx.body = openApiText();
};

/** Nothing but the page itself is loaded or run. */
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const getDocs: HttpMiddleware = (ctx) => {
  ctx.type = 'text/html';
  ctx.set('Content-Security-Policy', pagePolicy);
  ctx.body = docsText();
};
