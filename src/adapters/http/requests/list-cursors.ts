import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { canonical } from '../../../application/payments/payment-details.js';
import { invalidRequest } from '../answers/http-refusal.js';

const Place = z.tuple([z.string(), z.string()]);

/** Where a page ended: the time and the id of its last row. */
type Place = z.infer<typeof Place>;

/** Where a page of a list ended, signed, and good only for the same question (R8.1). */
export class ListCursors {
  /** @param list names it: a cursor of one list is none of another */
  constructor(
    private readonly webhookSecret: string,
    private readonly list: string,
  ) {}

  /** @param filter what was asked for */
  write(place: Readonly<Place>, filter: object): string {
    const text = Buffer.from(JSON.stringify(place)).toString('base64url');
    return `${text}.${this.signature(text, filter).toString('base64url')}`;
  }

  /** @throws HttpRefusal 400 for one that was not given out for this question */
  read(cursor: string, filter: object): Place {
    const [text = '', signature = ''] = cursor.split('.');
    const given = Buffer.from(signature, 'base64url');
    const right = this.signature(text, filter);
    if (given.length !== right.length || !timingSafeEqual(given, right))
      throw invalidRequest('cursor', 'was not given out for this list; begin again without it');
    return Place.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  }

  private signature(text: string, filter: object): Buffer {
    return createHmac('sha256', this.webhookSecret)
      .update(`list of ${this.list}\n${canonical(filter)}\n${text}`)
      .digest();
  }
}
