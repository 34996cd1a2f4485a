import { expect, test } from 'vitest';
import { supabaseAdapter } from '../../../src/effects/libraries/supabase.ts';
import { recognizeOf } from '../../support/chain-of.ts';

const recognize = (source: string) =>
  recognizeOf(
    supabaseAdapter,
    `import { createClient } from '@supabase/supabase-js'; const supabase = createClient(url, key); supabase.${source}`,
  );
const input = (name: string) => ({ kind: 'input', name });

test.each([
  ['auth.admin.createUser({ email, password })', 'supabase.auth', 'create', input('email')],
  ['auth.admin.inviteUserByEmail(email)', 'supabase.auth', 'create', input('email')],
  ["auth.admin.generateLink({ type: 'magiclink', email })", 'supabase.auth', 'create', input('email')],
  ['auth.admin.deleteUser(id)', 'supabase.auth', 'delete', input('id')],
  ['auth.admin.updateUserById(id, { email })', 'supabase.auth', 'update', input('id')],
  ['auth.admin.getUserById(id)', 'supabase.auth', 'read', input('id')],
  ['auth.admin.listUsers()', 'supabase.auth', 'read', undefined],
  ['auth.signUp({ email, password })', 'supabase.auth', 'create', input('email')],
  ['auth.signInWithOtp({ email })', 'supabase.auth', 'send', input('email')],
  ['auth.resetPasswordForEmail(email)', 'supabase.auth', 'send', input('email')],
  ['auth.mfa.unenroll({ factorId })', 'supabase.auth', 'delete', undefined],
  ["storage.from('avatars').upload(path, file)", 'supabase.storage', 'create', input('path')],
  ["storage.from('avatars').upload(path, file, { upsert: true })", 'supabase.storage', 'update', input('path')],
  ["storage.from('avatars').copy(from, to)", 'supabase.storage', 'create', input('to')],
  ["storage.from('avatars').move(from, to)", 'supabase.storage', 'update', input('from')],
  ["storage.from('avatars').remove(paths)", 'supabase.storage', 'delete', input('paths')],
  ["storage.from('avatars').download(path)", 'supabase.storage', 'read', input('path')],
  ["storage.from('avatars').createSignedUrl(path, 60)", 'supabase.storage', 'read', input('path')],
  ["storage.emptyBucket('avatars')", 'supabase.storage', 'delete', { kind: 'constant', value: 'avatars' }],
  ["functions.invoke('notify', { body })", 'supabase.functions', 'send', undefined],
])('%s', (source, store, action, key) => {
  const recognition = recognize(source);
  if (recognition.kind !== 'effects') throw new Error(JSON.stringify(recognition));
  expect(recognition).toMatchObject({
    sent: 'on call',
    answer: { kind: 'object', fields: { error: { kind: 'error' } } },
  });
  const [draft] = recognition.effects;
  expect(draft?.action).toMatchObject({ kind: 'external', action, resource: { kind: 'external', store } });
  expect(draft?.action.kind === 'external' && draft.action.key).toEqual(key);
});

test('the bucket and the function name the resource', () => {
  expect(recognize("storage.from('avatars').remove(paths)")).toMatchObject({
    effects: [{ action: { resource: { name: 'avatars' } } }],
  });
  expect(recognize("functions.invoke('notify')")).toMatchObject({
    effects: [{ action: { resource: { name: 'notify' } } }],
  });
});

test('the created user comes back', () => {
  expect(recognize('auth.admin.createUser({ email })')).toMatchObject({
    answer: { fields: { data: { fields: { user: { kind: 'row', absent: 'null' } } } } },
  });
});

test.each([
  'auth.getSession()',
  'auth.signOut()',
  'auth.signInWithPassword({ email, password })',
  'auth.onAuthStateChange((event) => {})',
  "storage.from('avatars').getPublicUrl(path)",
  "channel('room')",
  'removeChannel(channel)',
])('%s does nothing that another request sees', (source) => expect(recognize(source)).toEqual({ kind: 'nothing' }));

test.each([
  'auth.admin.oauth.createClient({})',
  "storage.from('avatars').purge(path)",
  'storage.vectors.query(x)',
  'functions.list()',
])('%s is a bailout', (source) => {
  expect(recognize(source)).toMatchObject({ kind: 'unsupported', reason: 'unknown member of Supabase' });
});
