import { describe, expect, test } from 'vitest';
import { stripeAdapter } from '../../../src/effects/libraries/stripe.ts';
import { chainOf, recognizeOf } from '../../support/chain-of.ts';

const head = "import Stripe from 'stripe'; const stripe = new Stripe(secret);";

function recognize(call: string) {
  return recognizeOf(stripeAdapter, `${head} ${call}`);
}

describe('what is a client', () => {
  test.each([
    "import Stripe from 'stripe'; new Stripe(secret).customers",
    "import { Stripe } from 'stripe'; new Stripe(secret, { apiVersion }).customers",
    "import type Stripe from 'stripe'; declare const billing: Stripe; billing.customers",
    "import type { Stripe } from 'stripe'; declare const billing: Stripe; billing.customers",
  ])('%s', (source) => {
    expect(chainOf(source, { adapters: [stripeAdapter] }).root).toMatchObject({
      kind: 'client',
      client: { library: 'stripe' },
    });
  });

  test.each([
    "import type Stripe from 'stripe'; declare const customer: Stripe.Customer; customer.email",
    "import { loadStripe } from '@stripe/stripe-js'; loadStripe(key)",
    "import { Client } from 'billing'; const stripe = new Client(); stripe.customers.create({})",
  ])('not a client: %s', (source) => {
    expect(chainOf(source, { adapters: [stripeAdapter] }).root.kind).not.toBe('client');
  });
});

describe('requests', () => {
  const id = { kind: 'input', name: 'id' };
  const cases: readonly (readonly [string, string, object])[] = [
    ['stripe.customers.create({ email })', 'customers', { action: 'create' }],
    ['stripe.checkout.sessions.create({})', 'checkout.sessions', { action: 'create' }],
    ['stripe.refunds.create(refund)', 'refunds', { action: 'create' }],
    ['stripe.customers.createSource(id, {})', 'customers', { action: 'create', key: id }],
    ['stripe.subscriptions.update(id, { items })', 'subscriptions', { action: 'update', key: id }],
    ['stripe.paymentIntents.confirm(id)', 'paymentIntents', { action: 'update', key: id }],
    ['stripe.paymentIntents.capture(id)', 'paymentIntents', { action: 'update', key: id }],
    ['stripe.customers.del(id)', 'customers', { action: 'delete', key: id }],
    ['stripe.subscriptions.cancel(id)', 'subscriptions', { action: 'delete', key: id }],
    ['stripe.paymentMethods.detach(id)', 'paymentMethods', { action: 'delete', key: id }],
    ['stripe.customers.deleteTaxId(id, tax)', 'customers', { action: 'delete', key: id }],
    ['stripe.invoices.sendInvoice(id)', 'invoices', { action: 'send', key: id }],
    ['stripe.customers.retrieve(id)', 'customers', { action: 'read', key: id }],
    ['stripe.customers.list({ email })', 'customers', { action: 'read' }],
    ['stripe.customers.search({ query })', 'customers', { action: 'read' }],
    ['stripe.invoices.createPreview({})', 'invoices', { action: 'read' }],
    ['stripe.billing.meterEvents.create({})', 'billing.meterEvents', { action: 'create' }],
  ];
  test.each(cases)('%s', (call, name, action) => {
    const recognition = recognize(call);
    expect(recognition).toMatchObject({
      kind: 'effects',
      sent: 'on call',
      effects: [{ action: { kind: 'external', resource: { kind: 'external', store: 'stripe', name }, ...action } }],
    });
    if (recognition.kind === 'effects') expect('key' in (recognition.effects[0]?.action ?? {})).toBe('key' in action);
  });

  test('a list that is read to its end is rows', () => {
    expect(recognize('stripe.customers.list({}).autoPagingToArray({ limit: 10 })')).toMatchObject({
      effects: [{ action: { action: 'read' } }],
      answer: { kind: 'rows' },
    });
    expect(recognize('stripe.customers.list({})')).toMatchObject({
      answer: { kind: 'object', fields: { data: { kind: 'rows' } } },
    });
  });

  test('a missing customer throws, a created one is there', () => {
    expect(recognize('stripe.customers.retrieve(id)')).toMatchObject({ answer: { kind: 'row', absent: 'throws' } });
    expect(recognize('stripe.customers.create({})')).toMatchObject({ answer: { kind: 'row', absent: 'never' } });
  });
});

describe('idempotency keys', () => {
  function keyOf(call: string) {
    const recognition = recognize(call);
    const action = recognition.kind === 'effects' ? recognition.effects[0]?.action : undefined;
    if (action?.kind !== 'external') throw new Error(recognition.kind);
    return action.idempotencyKey;
  }

  test('in the options of a request', () => {
    expect(keyOf('stripe.paymentIntents.create({ amount }, { idempotencyKey: `order:${order}` })')).toMatchObject({
      kind: 'template',
    });
    expect(keyOf('stripe.paymentIntents.capture(id, {}, { idempotencyKey: id })')).toEqual({
      kind: 'input',
      name: 'id',
    });
    expect(keyOf('stripe.subscriptions.cancel(id, { idempotencyKey: id })')).toEqual({ kind: 'input', name: 'id' });
  });

  test('none', () => {
    expect(keyOf('stripe.paymentIntents.create({ amount })')).toBeUndefined();
    expect(keyOf('stripe.paymentIntents.create(payment)')).toBeUndefined();
    expect(keyOf('stripe.subscriptions.update(id, changes)')).toBeUndefined();
    expect(keyOf('stripe.paymentIntents.create({ amount }, { stripeAccount: account })')).toBeUndefined();
  });

  test('options that are not seen may hold one', () => {
    expect(keyOf('stripe.paymentIntents.create({ amount }, options)')).toMatchObject({ kind: 'unknown' });
    expect(keyOf('stripe.paymentIntents.create({ amount }, { ...options })')).toMatchObject({ kind: 'unknown' });
    expect(keyOf('stripe.subscriptions.update(id, changes, options)')).toMatchObject({ kind: 'unknown' });
  });
});

describe('what sends nothing, and what is counted', () => {
  test('a webhook’s event is an input: redeliveries carry an equal one', () => {
    expect(recognize('stripe.webhooks.constructEvent(body, signature, secret)')).toEqual({
      kind: 'value',
      value: { kind: 'input', name: 'stripe event' },
    });
  });

  test.each([
    ['stripe.rawRequest(method, path)', 'rawRequest'],
    ['stripe.customers.frobnicate(id)', 'customers.frobnicate'],
    ['stripe.customers.listen(id)', 'customers.listen'],
  ])('%s', (call, detail) => {
    expect(recognize(call)).toEqual({ kind: 'unsupported', reason: 'Stripe method is not modelled', detail });
  });
});
