import type { AnswerShape } from '../../model/answer-shape.ts';
import type { Client } from '../../model/client.ts';
import type { ExternalAction } from '../../model/effect.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainStep, ChainValue, Value } from '../../model/value.ts';
import type { LibraryAdapter } from '../adapter.ts';
import { findEntry } from '../find-entry.ts';
import { spellChain } from '../spell-chain.ts';

const constructions: ReadonlySet<string> = new Set([
  'default.new()',
  'Stripe.new()',
  '*.new()',
  '*.default.new()',
  '*.Stripe.new()',
  'default()',
  '*()',
]);

/** `Stripe.Customer` and its like are types of data, not of clients. */
const clientTypes: ReadonlySet<string> = new Set(['default', 'Stripe', 'default.Stripe']);

interface Verb {
  readonly action: ExternalAction['action'];
  /** Whether the first argument names the thing; else it is the parameters' object. */
  readonly named: boolean;
  readonly answer: AnswerShape;
}

// A failed call throws; what a successful one answers is there.
const one: AnswerShape = { kind: 'row', absent: 'never' };
const found: AnswerShape = { kind: 'row', absent: 'throws' };
const list: AnswerShape = { kind: 'object', fields: { data: { kind: 'rows' }, has_more: { kind: 'none' } } };
const done: AnswerShape = { kind: 'none' };

const update: Verb = { action: 'update', named: true, answer: one };
const remove: Verb = { action: 'delete', named: true, answer: done };

/** The verbs that resources have. https://docs.stripe.com/api */
const verbs: Readonly<Record<string, Verb>> = {
  create: { action: 'create', named: false, answer: one },
  retrieve: { action: 'read', named: true, answer: found },
  list: { action: 'read', named: false, answer: list },
  search: { action: 'read', named: false, answer: list },
  query: { action: 'read', named: false, answer: list },
  createPreview: { action: 'read', named: false, answer: one },
  previewNextInvoice: { action: 'read', named: false, answer: one },
  pdf: { action: 'read', named: true, answer: done },
  update,
  confirm: update,
  capture: update,
  pay: update,
  attach: update,
  finalizeInvoice: update,
  finalizeQuote: update,
  markUncollectible: update,
  accept: update,
  approve: update,
  reject: update,
  decline: update,
  close: update,
  expire: update,
  release: update,
  resume: update,
  migrate: update,
  activate: update,
  deactivate: update,
  archive: update,
  reactivate: update,
  verify: update,
  verifyMicrodeposits: update,
  applyCustomerBalance: update,
  incrementAuthorization: update,
  addLines: update,
  updateLines: update,
  removeLines: update,
  reverse: update,
  refund: update,
  respond: update,
  sendInvoice: { action: 'send', named: true, answer: one },
  del: remove,
  cancel: remove,
  detach: remove,
  voidInvoice: remove,
  voidGrant: remove,
  disconnect: remove,
};

/** Verbs with the sub-resource in their name: `customers.createSource`, `accounts.listExternalAccounts`. */
const prefixes: readonly (readonly [string, Verb])[] = [
  ['create', { action: 'create', named: true, answer: one }],
  ['retrieve', { action: 'read', named: true, answer: found }],
  ['list', { action: 'read', named: true, answer: list }],
  ['update', update],
  ['verify', update],
  ['delete', remove],
];

/** What goes on reading a list that `list` or `search` has started. */
const listReaders: ReadonlySet<string> = new Set([
  'autoPagingToArray',
  'autoPagingEach',
  'autoPagingIterator',
  'toArray',
]);

/** Members of the client that send nothing. */
const localMembers: ReadonlySet<string> = new Set([
  'webhooks.generateTestHeaderString',
  'webhooks.generateTestHeaderStringAsync',
  'setAppInfo',
  'getApiField',
  'setHost',
  'on',
  'once',
  'off',
]);

/** They check a signature and give the event that the request carried. */
const eventParsers: ReadonlySet<string> = new Set([
  'webhooks.constructEvent',
  'webhooks.constructEventAsync',
  'parseThinEvent',
  'parseEventNotification',
]);

/** Stripe's own library: a request is sent at the call. */
export const stripeAdapter: LibraryAdapter = {
  name: 'stripe',
  documentation: [
    'https://docs.stripe.com/api',
    'https://github.com/stripe/stripe-node',
    'https://docs.stripe.com/api/idempotent_requests',
  ],
  checkedAgainst: { stripe: '23.1.0' },
  handlesImport: (specifier) => specifier === 'stripe' || specifier.startsWith('stripe/'),
  identify: identifyStripe,
  recognize: recognizeStripe,
};

function identifyStripe(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'client' || !stripeAdapter.handlesImport(root.package)) return undefined;
  const known = root.kind === 'typed' ? clientTypes : constructions;
  return known.has(spellChain(chain)) ? { library: 'stripe', role: 'root', connection: 'pool' } : undefined;
}

function recognizeStripe(chain: ChainValue): Recognition {
  const call = chain.steps.findIndex((step) => step.args !== undefined);
  const step = chain.steps[call];
  if (!step) return { kind: 'pending' };
  const rest = chain.steps.slice(call + 1);
  if (rest.some((each) => !listReaders.has(each.name)))
    return { kind: 'unsupported', reason: "a call on Stripe's answer", detail: rest[0]?.name ?? '' };
  const resource = chain.steps.slice(0, call).map((each) => each.name);
  const path = [...resource, step.name].join('.');
  if (localMembers.has(path)) return { kind: 'nothing' };
  // Redeliveries carry the same event, so it is an input: two executions may get equal ones.
  if (eventParsers.has(path)) return { kind: 'value', value: { kind: 'input', name: 'stripe event' } };
  const verb = resource.length > 0 ? findVerb(step.name) : undefined;
  if (!verb) return { kind: 'unsupported', reason: 'Stripe method is not modelled', detail: path };
  return lowerRequest(resource.join('.'), path, step, verb, rest.length > 0);
}

function findVerb(name: string): Verb | undefined {
  if (Object.hasOwn(verbs, name)) return verbs[name];
  // A capital after the prefix: `createSource`, not a word that happens to begin so.
  return prefixes.find(([prefix]) => name.startsWith(prefix) && /^[A-Z]/.test(name.slice(prefix.length)))?.[1];
}

function lowerRequest(resource: string, path: string, step: ChainStep, verb: Verb, wholeList: boolean): Recognition {
  const args = step.args ?? [];
  const [first] = args;
  // `subscriptions.list(params)` and `customers.listSources(id, params)`: parameters are objects, names are not.
  const key = verb.named && first && first.kind !== 'object' ? first : undefined;
  const idempotencyKey = verb.action === 'read' ? undefined : findIdempotencyKey(args, verb);
  const action: ExternalAction = {
    kind: 'external',
    resource: { kind: 'external', store: 'stripe', name: resource },
    action: verb.action,
    ...(key && { key }),
    ...(idempotencyKey && { idempotencyKey }),
  };
  const answer: AnswerShape = wholeList ? { kind: 'rows' } : verb.answer;
  return { kind: 'effects', sent: 'on call', effects: [{ action, answer, label: `stripe.${path}` }], answer };
}

/**
 * The key in the request's options, which come after the parameters; both may be left out. Without one the library
 * makes up a random key (stripe-node's source), which covers its own retries only. Options that can't be seen may hold
 * one.
 */
function findIdempotencyKey(args: readonly Value[], verb: Verb): Value | undefined {
  const given = args.filter((arg) => arg.kind !== 'function');
  const options = given.at(-1);
  if (!options || options.kind === 'constant') return undefined;
  const found = findEntry(options, 'idempotencyKey');
  if (found) return found;
  const isSeen = options.kind === 'object' && options.complete;
  const optionsAt = verb.named ? 2 : 1;
  return isSeen || given.length <= optionsAt ? undefined : { kind: 'unknown', reason: 'request options are not seen' };
}
