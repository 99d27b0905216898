import type { RouterContext } from '@koa/router';
import type { Middleware, ParameterizedContext } from 'koa';
import type { Identity } from '../identity/identity.js';

/** What the middleware finds out about a request. */
export interface RequestState {
  requestId: string;
  /** The client's network address; personal. */
  address: string;
  /** null: a route that takes no token, or not found out yet. */
  identity: Identity | null;
}

export type HttpMiddleware = Middleware<RequestState>;
export type HttpContext = ParameterizedContext<RequestState>;
export type RouteContext = RouterContext<RequestState>;
