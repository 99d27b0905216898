import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  paymentEventOf,
  storedDataOf,
  UnreadableEvent,
  versionOf,
} from '../../../src/application/payments/stored-payment-events.js';
import type { StoredEvent } from '../../../src/application/ports/event-log.js';
import type { PaymentEvent } from '../../../src/domain/payments/events.js';
import { decide } from '../../../src/domain/payments/decide.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { evolveAll } from '../../../src/domain/payments/evolve.js';
import { newPayment, type PaymentState } from '../../../src/domain/payments/state.js';
import { after } from '../../../src/domain/time/instant.js';
import { anyLife } from '../../domain/payments/any-step.js';
import { commandOf, firstMoment, type Step } from '../../domain/payments/payment-story.js';
import { allExamples, exampleTime, storedExamples, withNulls } from './stored-examples.js';

const stored = (event: PaymentEvent, change: Partial<StoredEvent> = {}): StoredEvent => ({
  stream: 'payment-1',
  revision: 3,
  position: '7',
  id: 'event-1',
  type: event.type,
  version: versionOf(event.type),
  // Through text and back, as every store does it.
  data: JSON.parse(JSON.stringify(storedDataOf(event))) as StoredEvent['data'],
  metadata: { time: event.at },
  ...change,
});

/** What a payment's life writes. */
const eventsOf = (steps: readonly Step[]): readonly PaymentEvent[] => {
  let state: PaymentState = newPayment;
  let now = firstMoment;
  return steps.flatMap((step) => {
    if (step.type === 'Wait') {
      now = after(now, step.ms);
      return [];
    }
    const decision = decide(commandOf(step, state, now), state, durations);
    const events = decision.type === 'accepted' ? decision.events : [];
    state = evolveAll(state, events);
    return events;
  });
};

/** Personal parts are sealed before they are stored. */
const sealed = (event: PaymentEvent): PaymentEvent =>
  'personal' in event && event.personal !== null ? { ...event, personal: { sealed: 's1.x.y' } } : event;

describe('payment events in the log', () => {
  it.each(allExamples.map((example) => [example.event.type, example] as const))('%s keeps its format', (_, example) => {
    expect(storedDataOf(example.event)).toStrictEqual(example.data);
    expect(paymentEventOf(stored(example.event, { data: example.data }))).toStrictEqual(example.event);
  });

  it('are read as they were written, whatever a payment lived through', () =>
    fc.assert(
      fc.property(anyLife, (steps) => {
        for (const event of eventsOf(steps).map(sealed)) expect(paymentEventOf(stored(event))).toStrictEqual(event);
      }),
      { numRuns: 300 },
    ));

  it('are read with what may be missing missing', () => {
    const { event } = storedExamples.PaymentSettled;
    expect(paymentEventOf(stored(withNulls(event)))).toStrictEqual(withNulls(event));
  });

  it('of an unknown type are an error that names stream and place, not a guess', () => {
    const strange = stored(storedExamples.ChargeNotMade.event, { type: 'PaymentTeleported' });
    expect(() => paymentEventOf(strange)).toThrow(UnreadableEvent);
    expect(() => paymentEventOf(strange)).toThrow(
      'Event 3 of payment-1 (PaymentTeleported version 1) cannot be read: unknown type',
    );
  });

  it('are not mistaken for what every object has', () =>
    expect(() => paymentEventOf(stored(storedExamples.ChargeNotMade.event, { type: 'toString' }))).toThrow(
      'unknown type',
    ));

  it.each([0, 2])('of version %i are an error', (version) =>
    expect(() => paymentEventOf(stored(storedExamples.ChargeNotMade.event, { version }))).toThrow(
      `Event 3 of payment-1 (ChargeNotMade version ${version}) cannot be read: unknown version`,
    ),
  );

  it.each(allExamples.map(({ event, data }) => [event.type, event, data] as const))(
    '%s with one field too many is an error',
    (type, event, data) =>
      expect(() => paymentEventOf(stored(event, { data: { ...data, surprise: 1 } }))).toThrow(
        `Event 3 of payment-1 (${type} version ${versionOf(type)}) cannot be read`,
      ),
  );

  it.each(allExamples.map(({ event, data }) => [event.type, event, data] as const))(
    '%s without any one of its fields is an error',
    (_, event, data) => {
      for (const field of Object.keys(data)) {
        const { [field]: _left, ...rest } = data;
        expect(() => paymentEventOf(stored(event, { data: rest }))).toThrow(UnreadableEvent);
      }
    },
  );

  it.each([-1, 0.5, '50000', null])('of the amount %p are an error', (amount) =>
    expect(() =>
      paymentEventOf(
        stored(storedExamples.RefundAccepted.event, { data: { ...storedExamples.RefundAccepted.data, amount } }),
      ),
    ).toThrow(UnreadableEvent),
  );

  it('of version 1 that told of a look without saying why somebody asked are read as without a reason', () => {
    const { event, data } = storedExamples.GatewayAsked;
    const { reason: _reason, ...before } = data;
    expect(paymentEventOf(stored(event, { version: 1, data: before }))).toStrictEqual({ ...event, reason: null });
    expect(() => paymentEventOf(stored(event, { version: 3 }))).toThrow('unknown version');
  });

  it('with personal data that is not sealed are an error', () =>
    expect(() =>
      paymentEventOf(
        stored(storedExamples.PaymentPending.event, {
          data: { ...storedExamples.PaymentPending.data, personal: { customer_details: { first_name: 'Budi' } } },
        }),
      ),
    ).toThrow(UnreadableEvent));

  it('without a time are an error', () =>
    expect(() => paymentEventOf(stored(storedExamples.ChargeNotMade.event, { metadata: {} }))).toThrow(
      'its metadata has no time',
    ));

  it('have their time in the metadata alone', () =>
    expect(JSON.stringify(storedDataOf(storedExamples.PaymentCancelled.event))).not.toContain(exampleTime));
});
