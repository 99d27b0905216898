import type { Router } from '@koa/router';
import { answer } from '../http/answer.js';
import type { RequestState } from '../http/context.js';
import { Refusal } from '../http/refusal.js';
import type { SimulatorParts } from '../open-simulator.js';
import { statusAnswer } from '../transactions/messages.js';
import { Hand } from './hand.js';

/** The simulator's own controls (api.md section 5); nobody has to show a key. */
export const controlRoutes = (router: Router<RequestState>, parts: SimulatorParts): void => {
  const { book, merchant } = parts;
  const hand = new Hand(parts);

  router.get('/_simulator/transactions', function getTransactions(ctx) {
    answer(ctx, {
      transactions: book
        .all()
        .reverse()
        .map((transaction) => statusAnswer(transaction, merchant)),
    });
  });

  router.post('/_simulator/transactions/:id/:what', function postTransaction(ctx) {
    const { id = '', what = '' } = ctx.params;
    if (!hand.can(what)) throw new Refusal(404, { message: `there is no control named ${what}` });
    answer(ctx, hand.do(what, id, ctx.state.body));
  });
};
