import { z } from 'zod';
import type { ParkedKey } from '../../../application/parking/parked-key.js';
import type { Resumed } from '../../../application/parking/resume-parked-key.js';
import { unreachable } from '../../../domain/unreachable.js';
import { unansweredRefusal } from '../answers/gateway-answers.js';
import { notFound, refusal, type HttpRefusal } from '../answers/http-refusal.js';
import { parsed } from '../answers/invalid-fields.js';
import type { HttpParts } from '../http-parts.js';
import { answerOnce, type AnswerAt } from '../idempotency/answer-once.js';
import { causeOf } from '../identity/cause-of.js';
import { text } from '../requests/field-schemas.js';
import type { RouteContext } from '../requests/http-context.js';
import { readJson } from '../requests/read-json.js';

export const ResumeBody = z
  .strictObject({ reason: text(255).optional() })
  .meta({ id: 'ResumeRequest', description: 'May be left out' });

/** `POST /payments/parked-keys/{id}/resume`: has it tried again, now. */
export const postResume = (parts: HttpParts) =>
  async function handlePostResume(ctx: RouteContext): Promise<void> {
    const { id = '' } = ctx.params;
    if ((await parts.parkedKeys.find(id)) === undefined) throw noParkedKey();
    const body = await readJson(ctx);
    await answerOnce(ctx, body, parts, async () => {
      const { reason = null } = parsed(ResumeBody, body);
      return answerOf(await parts.resumeParkedKey.execute(id, reason, causeOf(ctx)));
    });
  };

const answerOf = (result: Resumed): AnswerAt => {
  switch (result.type) {
    case 'resumed':
      return { of: 'parked_key', status: 200, body: result.parked };
    case 'unknown':
      throw noParkedKey();
    case 'not_parked':
      throw refusal(409, 'not_parked', 'This key is not parked any more', { data: shown(result.parked) });
    case 'still_parked':
      throw refusal(409, 'still_parked', 'It was tried again and failed again', { data: shown(result.parked) });
    case 'unanswered':
      throw unansweredRefusal(result.failure);
    default:
      return unreachable(result);
  }
};

const noParkedKey = (): HttpRefusal => notFound('There is no such parked key');

const shown = ({ status, error, tries }: ParkedKey) => ({ status, error, tries });
