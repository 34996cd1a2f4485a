import type { AnswerShape } from '../../model/answer-shape.ts';
import type { Client } from '../../model/client.ts';
import type { ExternalAction } from '../../model/effect.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainValue, Value } from '../../model/value.ts';
import type { LibraryAdapter } from '../adapter.ts';
import { findEntry } from '../find-entry.ts';
import { spellChain } from '../spell-chain.ts';

const constructions: ReadonlySet<string> = new Set(['Resend.new()', '*.Resend.new()', 'default.Resend.new()']);

type Action = ExternalAction['action'];

const crud: Readonly<Record<string, Action>> = {
  create: 'create',
  get: 'read',
  list: 'read',
  update: 'update',
  remove: 'delete',
};

/** Resources and their methods. https://resend.com/docs/api-reference */
const methods: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  emails: { send: 'send', create: 'send', get: 'read', list: 'read', update: 'update', cancel: 'delete' },
  'emails.attachments': crud,
  'emails.receiving': { get: 'read', list: 'read', forward: 'send' },
  'emails.receiving.attachments': crud,
  batch: { send: 'send', create: 'send' },
  contacts: crud,
  'contacts.topics': crud,
  'contacts.segments': { ...crud, add: 'create' },
  contactProperties: crud,
  audiences: crud,
  segments: crud,
  topics: crud,
  domains: { ...crud, verify: 'update' },
  apiKeys: crud,
  broadcasts: { ...crud, send: 'send' },
  templates: { ...crud, publish: 'update', duplicate: 'create' },
  webhooks: crud,
};

const data: Readonly<Record<Action, AnswerShape>> = {
  read: { kind: 'row', absent: 'null' },
  create: { kind: 'row', absent: 'null' },
  update: { kind: 'row', absent: 'null' },
  delete: { kind: 'none' },
  send: { kind: 'row', absent: 'null' },
};

const lists: AnswerShape = { kind: 'object', fields: { data: { kind: 'rows' } } };

/** Resend: a request is sent at the call; errors are returned as `{ error }`, never thrown. */
export const resendAdapter: LibraryAdapter = {
  name: 'resend',
  documentation: ['https://resend.com/docs/api-reference', 'https://resend.com/docs/dashboard/emails/idempotency-keys'],
  checkedAgainst: { resend: '6.38.0' },
  handlesImport: (specifier) => specifier === 'resend',
  identify: identifyResend,
  recognize: recognizeResend,
};

function identifyResend(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'client' || root.package !== 'resend') return undefined;
  const spelling = spellChain(chain);
  const known =
    root.kind === 'typed' ? spelling === 'Resend' || spelling === 'default.Resend' : constructions.has(spelling);
  return known ? { library: 'resend', role: 'root', connection: 'pool' } : undefined;
}

function recognizeResend(chain: ChainValue): Recognition {
  const step = chain.steps.at(-1);
  if (!step?.args) return { kind: 'pending' };
  const resource = chain.steps
    .slice(0, -1)
    .map((each) => each.name)
    .join('.');
  const path = [...chain.steps.slice(0, -1).map((each) => each.name), step.name].join('.');
  // A check of a signature: nothing is sent, the event is what the request carried.
  if (path === 'webhooks.verify') return { kind: 'value', value: { kind: 'input', name: 'resend event' } };
  const table = Object.hasOwn(methods, resource) ? methods[resource] : undefined;
  const action = table && Object.hasOwn(table, step.name) ? table[step.name] : undefined;
  if (!action || chain.steps.slice(0, -1).some((each) => each.args)) {
    return { kind: 'unsupported', reason: 'Resend method is not modelled', detail: path };
  }
  const [first, options] = step.args;
  const key = findKey(first, action);
  const idempotencyKey = action === 'send' ? findIdempotencyKey(options) : undefined;
  const effect: ExternalAction = {
    kind: 'external',
    resource: { kind: 'external', store: 'resend', name: resource },
    action,
    ...(key && { key }),
    ...(idempotencyKey && { idempotencyKey }),
  };
  const answer: AnswerShape = {
    kind: 'object',
    fields: { data: step.name === 'list' ? lists : data[action], error: { kind: 'error' } },
  };
  return { kind: 'effects', sent: 'on call', effects: [{ action: effect, answer, label: `resend.${path}` }], answer };
}

/** The addressee of a mail, else the id (or the address) of the thing; a plain first argument is the id. */
function findKey(first: Value | undefined, action: Action): Value | undefined {
  if (first?.kind !== 'object') return action === 'send' || first?.kind === 'array' ? undefined : first;
  if (action === 'send') return findEntry(first, 'to');
  return findEntry(first, 'id') ?? findEntry(first, 'email');
}

/** https://resend.com/docs/dashboard/emails/idempotency-keys: a key is remembered for 24 hours. */
function findIdempotencyKey(options: Value | undefined): Value | undefined {
  if (!options || options.kind === 'constant') return undefined;
  const found = findEntry(options, 'idempotencyKey');
  if (found) return found;
  return options.kind === 'object' && options.complete
    ? undefined
    : { kind: 'unknown', reason: 'request options are not seen' };
}
