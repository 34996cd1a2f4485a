import { describe, expect, test } from 'vitest';
import { resendAdapter } from '../../../src/effects/libraries/resend.ts';
import { chainOf, recognizeOf } from '../../support/chain-of.ts';

const head = "import { Resend } from 'resend'; const resend = new Resend(key);";

function recognize(call: string) {
  return recognizeOf(resendAdapter, `${head} ${call}`);
}

test('clients come from the package, not from their name', () => {
  const root = (source: string) => chainOf(source, { adapters: [resendAdapter] }).root.kind;
  expect(root(`${head} resend.emails`)).toBe('client');
  expect(root("import type { Resend } from 'resend'; declare const mailer: Resend; mailer.emails")).toBe('client');
  expect(root("import { Mailer } from 'mailer'; const resend = new Mailer(); resend.emails.send({})")).toBe('export');
  expect(
    root("import type { CreateEmailOptions } from 'resend'; declare const resend: CreateEmailOptions; resend.to"),
  ).toBe('typed');
});

describe('requests', () => {
  const cases: readonly (readonly [string, object])[] = [
    ['resend.emails.send({ to: email, subject })', { action: 'send', key: { kind: 'input', name: 'email' } }],
    [
      'resend.emails.send({ to: email }, { idempotencyKey: order })',
      { action: 'send', idempotencyKey: { kind: 'input', name: 'order' } },
    ],
    ['resend.batch.send([{ to: email }])', { action: 'send', resource: { name: 'batch' } }],
    ['resend.contacts.create({ email, audienceId })', { action: 'create', key: { kind: 'input', name: 'email' } }],
    ['resend.contacts.remove({ email, audienceId })', { action: 'delete', key: { kind: 'input', name: 'email' } }],
    ['resend.contacts.remove(id)', { action: 'delete', key: { kind: 'input', name: 'id' } }],
    ['resend.contacts.update({ id, unsubscribed: true })', { action: 'update', key: { kind: 'input', name: 'id' } }],
    ['resend.contacts.list({ audienceId })', { action: 'read' }],
    ['resend.audiences.create({ name })', { action: 'create' }],
    ['resend.domains.verify(id)', { action: 'update' }],
    ['resend.apiKeys.remove(id)', { action: 'delete', resource: { name: 'apiKeys' } }],
    ['resend.broadcasts.send(id)', { action: 'send' }],
    [
      'resend.contacts.segments.add({ email, segmentId })',
      { action: 'create', resource: { name: 'contacts.segments' } },
    ],
  ];
  test.each(cases)('%s', (call, action) => {
    expect(recognize(call)).toMatchObject({
      kind: 'effects',
      sent: 'on call',
      effects: [{ action: { kind: 'external', ...action } }],
    });
  });

  test('errors are returned, not thrown', () => {
    expect(recognize('resend.emails.send({ to: email })')).toMatchObject({
      answer: { kind: 'object', fields: { data: { kind: 'row', absent: 'null' }, error: { kind: 'error' } } },
    });
  });

  test('options that are not seen may hold an idempotency key', () => {
    expect(recognize('resend.emails.send({ to: email }, options)')).toMatchObject({
      effects: [{ action: { idempotencyKey: { kind: 'unknown' } } }],
    });
    const plain = recognize('resend.emails.send({ to: email })');
    expect(plain.kind === 'effects' && plain.effects[0]?.action).not.toHaveProperty('idempotencyKey');
  });
});

test.each([
  ["resend.post('/emails', {})", 'post'],
  ['resend.emails.teleport({})', 'emails.teleport'],
  ['resend.toString()', 'toString'],
])('%s is counted', (call, detail) => {
  expect(recognize(call)).toEqual({ kind: 'unsupported', reason: 'Resend method is not modelled', detail });
});
