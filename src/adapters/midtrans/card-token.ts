import type { GatewayFailure } from '../../application/ports/payment-gateway.js';
import type { MidtransClient } from './client.js';

/** A test card. In production a card becomes a token in the customer's browser and never comes here (R8.2). */
export interface TestCard {
  readonly number: string;
  readonly expiryMonth: string;
  readonly expiryYear: string;
  readonly cvv: string;
}

export type CardTokenAnswer = { readonly type: 'token'; readonly tokenId: string } | GatewayFailure;

/** `GET /v2/token` (midtrans-facts 3.4), for tests: the token is good for one charge within ten minutes. */
export const cardToken = async (
  client: MidtransClient,
  clientKey: string,
  card: TestCard,
): Promise<CardTokenAnswer> => {
  const query = new URLSearchParams({
    client_key: clientKey,
    card_number: card.number,
    card_exp_month: card.expiryMonth,
    card_exp_year: card.expiryYear,
    card_cvv: card.cvv,
  });
  const called = await client.call({
    method: 'GET',
    host: 'core',
    path: `/v2/token?${query.toString()}`,
    repeatable: true,
    secrets: [card.number, card.cvv],
  });
  if (called.type !== 'done') return called;
  const tokenId = called.body['token_id'];
  return typeof tokenId === 'string'
    ? { type: 'token', tokenId }
    : { type: 'unknown', message: 'Midtrans answered without a token' };
};
