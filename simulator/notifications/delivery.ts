import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import type { Attempt } from './notification.js';

/** How long the receiver has (midtrans-facts 7.1). */
export const answerWithinMs = 15_000;
const redirectsMax = 5;
const answerCharactersKept = 300;

const headers = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'Veritrans' };

export type Answer = Pick<Attempt, 'status' | 'error' | 'answer'>;

/** Posts notifications. Follows 307 and 308 with the same body, five times at most; no other redirect. */
export class Delivery {
  private readonly agent = new Agent({ connections: 32, pipelining: 1 });

  constructor(private readonly withinMs = answerWithinMs) {}

  async post(url: string, body: string): Promise<Answer> {
    const inTime = AbortSignal.timeout(this.withinMs);
    try {
      return await this.follow(url, body, inTime);
    } catch (error) {
      const why = inTime.aborted ? `no answer within ${this.withinMs} ms` : reasonOf(error);
      return { status: null, error: why, answer: '' };
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async follow(firstUrl: string, body: string, signal: AbortSignal): Promise<Answer> {
    let url = firstUrl;
    for (let redirects = 0; redirects <= redirectsMax; redirects++) {
      const response = await request(url, { method: 'POST', headers, body, signal, dispatcher: this.agent });
      const answer = await beginningOf(response.body);
      const location = response.headers['location'];
      const follows = (response.statusCode === 307 || response.statusCode === 308) && typeof location === 'string';
      if (!follows) return { status: response.statusCode, error: null, answer };
      url = new URL(location, url).href;
    }
    return { status: null, error: `more than ${redirectsMax} redirects`, answer: '' };
  }
}

const beginningOf = async (body: Dispatcher.ResponseData['body']): Promise<string> => {
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (text.length >= answerCharactersKept) break;
  }
  return text.slice(0, answerCharactersKept);
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));
