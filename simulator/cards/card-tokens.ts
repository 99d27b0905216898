import { randomUUID } from 'node:crypto';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { Collection, Store } from '../store/store.js';
import type { CardFace } from './test-cards.js';

/** A one-time token lives this long (midtrans-facts 3.4). */
export const tokenLifeMs = 600_000;
const savedTokenLifeMs = 5 * 365 * 86_400_000;

interface OneTimeToken {
  readonly face: CardFace;
  readonly cvvRight: boolean;
  readonly expiresAt: number;
}

export interface SavedCard {
  readonly id: string;
  readonly face: CardFace;
  readonly expiresAt: number;
}

/** A card a charge may use now, and the transaction id that goes with it. */
export interface PresentedCard {
  readonly face: CardFace;
  readonly cvvRight: boolean;
  /** The UUID within a one-time token is the id of the transaction it pays. */
  readonly transactionId: string;
}

/** Cards the simulator was shown, without their numbers: one-time tokens and saved ones. */
export class CardTokens {
  private readonly tokens: Collection<OneTimeToken>;
  private readonly saved: Collection<SavedCard>;

  constructor(
    store: Store,
    private readonly clock: SimulatorClock,
  ) {
    this.tokens = store.collection('card_tokens');
    this.saved = store.collection('saved_cards');
    for (const [id, { expiresAt }] of this.tokens.entries()) this.forgetAt(id, expiresAt);
  }

  /** First 8, last 4 and a UUID; good for one charge within ten minutes. */
  issue(face: CardFace, cvvRight: boolean): string {
    const id = `${face.masked}-${randomUUID()}`;
    const expiresAt = this.clock.now() + tokenLifeMs;
    this.tokens.put(id, { face, cvvRight, expiresAt });
    this.forgetAt(id, expiresAt);
    return id;
  }

  /** First 8, 20 drawn characters and last 4. */
  save(face: CardFace): SavedCard {
    const drawn = randomUUID().replaceAll('-', '').slice(0, 20);
    const card = {
      id: `${face.masked.slice(0, 8)}${drawn}${face.masked.slice(-4)}`,
      face,
      expiresAt: this.clock.now() + savedTokenLifeMs,
    };
    this.saved.put(card.id, card);
    return card;
  }

  savedCard(id: string): SavedCard | undefined {
    const card = this.saved.get(id);
    return card && card.expiresAt > this.clock.now() ? card : undefined;
  }

  /** The card behind a token that may pay now. Undefined: unknown, used or too old. */
  present(id: string): PresentedCard | undefined {
    const token = this.valid(id);
    if (token)
      return { face: token.face, cvvRight: token.cvvRight, transactionId: id.slice(token.face.masked.length + 1) };
    const card = this.savedCard(id);
    return card && { face: card.face, cvvRight: true, transactionId: randomUUID() };
  }

  /** A one-time token is good for one charge; a saved card stays. */
  use(id: string): void {
    this.tokens.delete(id);
  }

  private valid(id: string): OneTimeToken | undefined {
    const token = this.tokens.get(id);
    return token && token.expiresAt > this.clock.now() ? token : undefined;
  }

  private forgetAt(id: string, expiresAt: number): void {
    this.clock.at(expiresAt, () => this.tokens.delete(id));
  }
}
