import type { AnswerShape } from '../../model/answer-shape.ts';
import type { ExternalAction } from '../../model/effect.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainStep, Value } from '../../model/value.ts';
import { findEntry } from '../find-entry.ts';

type Action = ExternalAction['action'];

/** One method: what it does, and the argument (by path) that names the thing. */
interface Method {
  readonly action: Action | 'nothing';
  /** `[0]` is the first argument, `[0, 'email']` an entry of it. */
  readonly key?: readonly [argument: number, entry?: string];
  /** What `data` is; `none` unless it says. */
  readonly data?: AnswerShape;
}

const user: AnswerShape = { kind: 'object', fields: { user: { kind: 'row', absent: 'null' } } };
const users: AnswerShape = { kind: 'object', fields: { users: { kind: 'rows' } } };
const rows: AnswerShape = { kind: 'rows' };
const session: Method = { action: 'nothing' };

/** `auth.*` and `auth.admin.*`. https://supabase.com/docs/reference/javascript/auth-api */
const auth: Readonly<Record<string, Method>> = {
  'admin.createUser': { action: 'create', key: [0, 'email'], data: user },
  'admin.inviteUserByEmail': { action: 'create', key: [0], data: user },
  'admin.generateLink': { action: 'create', key: [0, 'email'], data: user },
  'admin.deleteUser': { action: 'delete', key: [0], data: user },
  'admin.updateUserById': { action: 'update', key: [0], data: user },
  'admin.getUserById': { action: 'read', key: [0], data: user },
  'admin.listUsers': { action: 'read', data: users },
  'admin.signOut': { action: 'update', key: [0] },
  'admin.mfa.listFactors': { action: 'read' },
  'admin.mfa.deleteFactor': { action: 'delete' },
  signUp: { action: 'create', key: [0, 'email'], data: user },
  signInAnonymously: { action: 'create', data: user },
  signInWithOtp: { action: 'send', key: [0, 'email'] },
  resetPasswordForEmail: { action: 'send', key: [0] },
  reauthenticate: { action: 'send' },
  resend: { action: 'send', key: [0, 'email'] },
  updateUser: { action: 'update', data: user },
  verifyOtp: { action: 'update', data: user },
  linkIdentity: { action: 'update' },
  unlinkIdentity: { action: 'update' },
  getUser: { action: 'read', data: user },
  getUserIdentities: { action: 'read' },
  'mfa.enroll': { action: 'create' },
  'mfa.unenroll': { action: 'delete' },
  'mfa.challenge': { action: 'create' },
  'mfa.verify': { action: 'update' },
  'mfa.challengeAndVerify': { action: 'update' },
  'mfa.listFactors': { action: 'read' },
  // They concern the caller's own session: no other request sees it.
  signInWithPassword: session,
  signInWithOAuth: session,
  signInWithIdToken: session,
  signInWithSSO: session,
  signOut: session,
  getSession: session,
  getClaims: session,
  setSession: session,
  refreshSession: session,
  exchangeCodeForSession: session,
  initialize: session,
  onAuthStateChange: session,
  startAutoRefresh: session,
  stopAutoRefresh: session,
  'mfa.getAuthenticatorAssuranceLevel': session,
};

/** `storage.from(bucket).*`. https://supabase.com/docs/reference/javascript/storage-from-upload */
const objects: Readonly<Record<string, Method>> = {
  upload: { action: 'create', key: [0] },
  uploadToSignedUrl: { action: 'create', key: [0] },
  copy: { action: 'create', key: [1] },
  update: { action: 'update', key: [0] },
  move: { action: 'update', key: [0] },
  remove: { action: 'delete', key: [0] },
  download: { action: 'read', key: [0] },
  list: { action: 'read', data: rows },
  info: { action: 'read', key: [0] },
  exists: { action: 'read', key: [0], data: { kind: 'success' } },
  createSignedUrl: { action: 'read', key: [0] },
  createSignedUrls: { action: 'read', data: rows },
  createSignedUploadUrl: { action: 'read', key: [0] },
  getPublicUrl: { action: 'nothing' },
};

/** `storage.*`: whole buckets. */
const buckets: Readonly<Record<string, Method>> = {
  createBucket: { action: 'create', key: [0] },
  updateBucket: { action: 'update', key: [0] },
  emptyBucket: { action: 'delete', key: [0] },
  deleteBucket: { action: 'delete', key: [0] },
  getBucket: { action: 'read', key: [0] },
  listBuckets: { action: 'read', data: rows },
};

/**
 * What a request to auth, storage or functions does; it is sent at the call.
 *
 * @param steps begin with `auth`, `storage` or `functions`
 */
export function recognizeService(steps: readonly ChainStep[]): Recognition {
  const [service, ...rest] = steps;
  const last = rest.at(-1);
  if (service === undefined || last?.args === undefined) return { kind: 'pending' };
  const path = rest.map(({ name }) => name).join('.');
  if (service.name === 'auth') return makeExternal(auth[path], 'supabase.auth', 'users', path, service.name, last.args);
  if (service.name === 'functions') {
    const [name] = last.args;
    if (last.name !== 'invoke')
      return last.name === 'setAuth' ? { kind: 'nothing' } : unknownMember(service.name, path);
    return makeExternal({ action: 'send' }, 'supabase.functions', readName(name, 'function'), path, service.name, []);
  }
  const [from, ...more] = rest;
  if (from?.name !== 'from')
    return makeExternal(buckets[path], 'supabase.storage', 'buckets', path, service.name, last.args);
  if (more.length === 0) return { kind: 'pending' };
  const member = more.map(({ name }) => name).join('.');
  const bucket = readName(from.args?.[0], 'objects');
  const idempotent = member === 'upload' && isUpsert(last.args[2]);
  return makeExternal(
    idempotent ? { ...objects['upload'], action: 'update' } : objects[member],
    'supabase.storage',
    bucket,
    member,
    `storage.from('${bucket}')`,
    last.args,
  );
}

function makeExternal(
  method: Method | undefined,
  store: string,
  name: string,
  member: string,
  service: string,
  args: readonly Value[],
): Recognition {
  if (method === undefined) return unknownMember(service, member);
  if (method.action === 'nothing') return { kind: 'nothing' };
  const key = readKey(method.key, args);
  const answer: AnswerShape = {
    kind: 'object',
    fields: { data: method.data ?? { kind: 'none' }, error: { kind: 'error' } },
  };
  const action: ExternalAction = {
    kind: 'external',
    resource: { kind: 'external', store, name },
    action: method.action,
    ...(key && { key }),
  };
  return {
    kind: 'effects',
    sent: 'on call',
    effects: [{ action, answer, label: `supabase.${service}.${member}` }],
    answer,
  };
}

function unknownMember(service: string, member: string): Recognition {
  return { kind: 'unsupported', reason: 'unknown member of Supabase', detail: `${service}.${member}` };
}

function readKey(path: Method['key'], args: readonly Value[]): Value | undefined {
  const argument = path === undefined ? undefined : args[path[0]];
  return path?.[1] === undefined ? argument : findEntry(argument, path[1]);
}

function readName(value: Value | undefined, otherwise: string): string {
  return value?.kind === 'constant' && typeof value.value === 'string' ? value.value : otherwise;
}

/** `upload(path, body, { upsert: true })` overwrites; without it an existing object is an error. */
function isUpsert(options: Value | undefined): boolean {
  const upsert = findEntry(options, 'upsert');
  return upsert?.kind === 'constant' && upsert.value === true;
}
