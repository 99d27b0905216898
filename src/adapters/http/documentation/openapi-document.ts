import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { ErrorAnswer } from '../answers/error-answer.js';
import { PaymentAnswer } from '../payments/payment-answer.js';
import { operations, type Operation } from './operations.js';

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

const errorResponse = (codes: readonly string[]) => ({
  description: codes.map((code) => `\`${code}\``).join(', '),
  content: json(ErrorAnswer),
});

const IdempotencyKey = z.string().min(1).max(255).optional().meta({
  description: 'The same key, path and body give the same answer for ever, with `Idempotency-Hit: true`',
}); // prettier-ignore
const RequestId = z.string().optional().meta({ description: 'Yours, or one is made; every answer has it' });
const IfNoneMatch = z.string().optional().meta({ description: 'ETags that are known' });

const headersOf = ({ method, path }: Operation) => {
  if (method === 'post' && !path.includes('webhooks')) return z.object({ 'Idempotency-Key': IdempotencyKey, 'X-Request-ID': RequestId });
  return path === '/payments/{id}'
    ? z.object({ 'If-None-Match': IfNoneMatch, 'X-Request-ID': RequestId })
    : z.object({ 'X-Request-ID': RequestId });
}; // prettier-ignore

const answerHeader = (description: string) => z.string().optional().meta({ description });
const Etag = answerHeader('The revision of the payment in this answer, in quotation marks');

/** Told of an answer beside its body. One payment has an ETag, also when it is not shown again (304). */
const answerHeadersOf = ({ method, path }: Operation, status: string, schema: z.ZodType | null) => {
  const isOnePayment = schema === PaymentAnswer || status === '304';
  const isKept = method === 'post' && /^20\d$/.test(status) && !path.includes('webhooks');
  return z.object({
    'X-Request-ID': answerHeader('Names this request in the log and in the events'),
    ...(isOnePayment && { ETag: Etag }),
    ...(isKept && { 'Idempotency-Hit': answerHeader('`true` when this is the answer to an earlier request with the key') }),
    ...(status === '201' && isOnePayment && { Location: answerHeader('Where the payment is') }),
    ...(status === '503' && { 'Retry-After': answerHeader('Seconds after which to come again') }),
    ...(status === '401' && { 'WWW-Authenticate': answerHeader('`Bearer`') }),
  });
}; // prettier-ignore

/** `postPaymentsByIdCancel` for `POST /payments/{id}/cancel`. */
const nameOf = ({ method, path }: Operation): string => {
  const words = path.split(/[/.-]/).filter((word) => word !== '');
  const steps = words.map((word) => (word === '{id}' ? 'ById' : word[0]?.toUpperCase() + word.slice(1)));
  return method + steps.join('');
};

const operationObject = (operation: Operation): ZodOpenApiOperationObject => {
  const { tag, summary, description, roles, path, id = 'Of the payment', query, body, answers, errors } = operation;
  return {
    operationId: nameOf(operation),
    tags: [tag],
    summary,
    description: roles === null ? description : `${description}\n\nRoles: ${roles}.`,
    security: roles === null ? [] : [{ token: [] }],
    requestParams: {
      header: headersOf(operation),
      ...(path.includes('{id}') && { path: z.object({ id: z.uuid().meta({ description: id }) }) }),
      ...(query && { query }),
    },
    ...(body && { requestBody: { required: body.required, content: json(body.schema) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            headers: answerHeadersOf(operation, status, answer.schema),
            ...(answer.schema && { content: json(answer.schema) }),
          },
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(errors).map(([status, codes]) => [
          status,
          { ...errorResponse(codes), headers: answerHeadersOf(operation, status, ErrorAnswer) },
        ]),
      ),
    },
  };
};

const paths = (): ZodOpenApiPathsObject => {
  const found: ZodOpenApiPathsObject = {};
  for (const operation of operations)
    found[operation.path] = { ...found[operation.path], [operation.method]: operationObject(operation) };
  return found;
};

const description = `Payments through Midtrans. Amounts are whole rupiah, times ISO 8601 in UTC.

Every error is \`{message, errors: [{field?, code, message}], data?}\` with a stable \`code\`; a 5xx has an \`error_id\` in \`data\` (but for \`/readyz\`, which says its reasons), a 503 says in \`Retry-After\` after how many seconds to come again. A refusal by Midtrans has its \`status_code\` and \`message\` in \`data\`.

A read may be a moment behind what was just answered. Whoever needs what they have written passes the \`revision\` of the answer as \`min_revision\`, or its \`ETag\` as \`If-None-Match\`.

Card numbers are never sent here: Midtrans' card script turns them into a \`token_id\` in the browser.`;

export type OpenApiDocument = ReturnType<typeof openApiDocument>;

/** OpenAPI 3.1, from the very schemas that parse the requests. */
export const openApiDocument = () =>
  createDocument({
    openapi: '3.1.1',
    info: { title: 'Payment service', version: '1', description },
    security: [{ token: [] }],
    tags: ['Payments', 'Refunds', 'Methods', 'Notifications', 'Operation'].map((name) => ({ name })),
    paths: paths(),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'HS256 with `sub`, `exp`, `roles`' },
      },
    },
  });
