import type { RouterContext } from '@koa/router';
import type { Middleware } from 'koa';
import type { HttpFault } from '../faults/http-faults.js';

export interface RequestState {
  /** The parsed JSON body; undefined when there was none. */
  body: unknown;
  /** What is to go wrong with this request. */
  fault: HttpFault | undefined;
}

export type SimulatorMiddleware = Middleware<RequestState>;
export type SimulatorContext = RouterContext<RequestState>;
