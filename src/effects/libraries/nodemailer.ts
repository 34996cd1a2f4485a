import type { Client } from '../../model/client.ts';
import type { ExternalAction } from '../../model/effect.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainValue } from '../../model/value.ts';
import type { LibraryAdapter } from '../adapter.ts';
import { findEntry } from '../find-entry.ts';
import { spellChain } from '../spell-chain.ts';

const constructions: ReadonlySet<string> = new Set([
  'default.createTransport()',
  '*.createTransport()',
  '*.default.createTransport()',
  'createTransport()',
]);

/** `nodemailer/lib/mailer` exports the class of a transporter as its default. */
const clientTypes: ReadonlySet<string> = new Set([
  'nodemailer Transporter',
  'nodemailer default.Transporter',
  'nodemailer/lib/mailer default',
]);

/** Transports that only render the message, or only log it. https://nodemailer.com/transports/stream/ */
const localTransports: readonly string[] = ['jsonTransport', 'streamTransport'];

const silent: ReadonlySet<string> = new Set([
  'verify',
  'close',
  'isIdle',
  'on',
  'once',
  'off',
  'use',
  'set',
  'get',
  'setupProxy',
]);

/** Nodemailer: a mail is sent at the call, and nothing tells a second one apart. */
export const nodemailerAdapter: LibraryAdapter = {
  name: 'nodemailer',
  documentation: ['https://nodemailer.com/', 'https://nodemailer.com/usage/'],
  checkedAgainst: { nodemailer: '10.6.0' },
  handlesImport: (specifier) => specifier === 'nodemailer' || specifier.startsWith('nodemailer/'),
  identify: identifyNodemailer,
  recognize: recognizeNodemailer,
};

function identifyNodemailer(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'client' || !nodemailerAdapter.handlesImport(root.package)) return undefined;
  const spelling = spellChain(chain);
  if (root.kind === 'typed')
    return clientTypes.has(`${root.package} ${spelling}`) ? makeTransporter('root') : undefined;
  if (root.package !== 'nodemailer' || !constructions.has(spelling)) return undefined;
  const options = chain.steps.at(-1)?.args?.[0];
  const isLocal = localTransports.some((name) => {
    const value = findEntry(options, name);
    return value?.kind === 'constant' && value.value === true;
  });
  return makeTransporter(isLocal ? 'local' : 'root');
}

function makeTransporter(role: 'root' | 'local'): Client {
  return { library: 'nodemailer', role, connection: 'pool' };
}

function recognizeNodemailer(chain: ChainValue): Recognition {
  const [step] = chain.steps;
  if (chain.root.kind !== 'client' || !step?.args) return { kind: 'pending' };
  if (silent.has(step.name)) return { kind: 'nothing' };
  if (step.name !== 'sendMail' || chain.steps.length > 1)
    return { kind: 'unsupported', reason: 'nodemailer method is not modelled', detail: step.name };
  if (chain.root.client.role === 'local') return { kind: 'nothing' };
  const key = findEntry(step.args[0], 'to');
  const action: ExternalAction = {
    kind: 'external',
    resource: { kind: 'external', store: 'nodemailer', name: 'mail' },
    action: 'send',
    ...(key && { key }),
  };
  const answer = { kind: 'none' } as const;
  return { kind: 'effects', sent: 'on call', effects: [{ action, answer, label: 'sendMail' }], answer };
}
