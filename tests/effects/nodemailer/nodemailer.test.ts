import { describe, expect, test } from 'vitest';
import { nodemailerAdapter } from '../../../src/effects/libraries/nodemailer.ts';
import { chainOf, recognizeOf } from '../../support/chain-of.ts';

describe('what is a transporter', () => {
  test.each([
    "import nodemailer from 'nodemailer'; nodemailer.createTransport(options).options",
    "import * as nodemailer from 'nodemailer'; nodemailer.createTransport(options).options",
    "import { createTransport } from 'nodemailer'; createTransport(url).options",
    "import type { Transporter } from 'nodemailer'; declare const mailer: Transporter; mailer.options",
    "import type Mail from 'nodemailer/lib/mailer'; declare const mailer: Mail; mailer.options",
  ])('%s', (source) => {
    expect(chainOf(source, { adapters: [nodemailerAdapter] }).root).toMatchObject({
      kind: 'client',
      client: { library: 'nodemailer', role: 'root' },
    });
  });

  test.each([
    "import { createTransport } from 'pino'; createTransport().sendMail({})",
    "import type { SendMailOptions } from 'nodemailer'; declare const transporter: SendMailOptions; transporter.to",
  ])('not a transporter: %s', (source) => {
    expect(chainOf(source, { adapters: [nodemailerAdapter] }).root.kind).not.toBe('client');
  });
});

const head = "import nodemailer from 'nodemailer'; const transporter = nodemailer.createTransport({ host });";

test('sendMail is a send to its addressee, without any key', () => {
  expect(recognizeOf(nodemailerAdapter, `${head} transporter.sendMail({ to: email, text })`)).toEqual({
    kind: 'effects',
    sent: 'on call',
    effects: [
      {
        action: {
          kind: 'external',
          resource: { kind: 'external', store: 'nodemailer', name: 'mail' },
          action: 'send',
          key: { kind: 'input', name: 'email' },
        },
        answer: { kind: 'none' },
        label: 'sendMail',
      },
    ],
    answer: { kind: 'none' },
  });
  const unseen = recognizeOf(nodemailerAdapter, `${head} transporter.sendMail(message)`);
  expect(unseen.kind === 'effects' && unseen.effects[0]?.action).not.toHaveProperty('key');
});

test.each(['transporter.verify()', 'transporter.close()'])('%s sends nothing', (call) => {
  expect(recognizeOf(nodemailerAdapter, `${head} ${call}`)).toEqual({ kind: 'nothing' });
});

test('a transport that only renders sends nothing', () => {
  const source =
    "import nodemailer from 'nodemailer'; nodemailer.createTransport({ jsonTransport: true }).sendMail({ to: email })";
  expect(recognizeOf(nodemailerAdapter, source)).toEqual({ kind: 'nothing' });
});

test('any other method is counted', () => {
  expect(recognizeOf(nodemailerAdapter, `${head} transporter.sendAll({})`)).toEqual({
    kind: 'unsupported',
    reason: 'nodemailer method is not modelled',
    detail: 'sendAll',
  });
});
