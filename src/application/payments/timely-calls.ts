import type { OpenWish } from '../../domain/payments/state.js';
import { after } from '../../domain/time/instant.js';
import type { Clock } from '../ports/clock.js';
import type { GatewayFailure, PaymentGateway } from '../ports/payment-gateway.js';

/** It is in doubt like any other: who looks after it at its time finds that nothing was done, and may send it. */
const heldUp: GatewayFailure = {
  type: 'unknown',
  message: 'It was held up for so long on its way to Midtrans that it was not sent',
};

/**
 * The one way to send what is on record. From its `answerBy` on anybody may send a wish again (design D3), so it leaves only while
 * its call can still end before: a caller that was held up must not send beside another.
 */
export class TimelyCalls {
  constructor(
    private readonly gateway: PaymentGateway,
    private readonly clock: Clock,
  ) {}

  /** @param wish as its sender has put it on record, or claimed it */
  async send<Answer>(
    wish: OpenWish,
    call: (gateway: PaymentGateway) => Promise<Answer>,
  ): Promise<Answer | GatewayFailure> {
    const latest = after(wish.answerBy, -this.gateway.endsWithinMs);
    return this.clock.now() > latest ? heldUp : call(this.gateway);
  }
}
