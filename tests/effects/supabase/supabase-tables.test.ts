import { describe, expect, test } from 'vitest';
import { supabaseAdapter } from '../../../src/effects/libraries/supabase.ts';
import { recognizeOf, valueOf } from '../../support/chain-of.ts';

const setUp = "import { createClient } from '@supabase/supabase-js'; const supabase = createClient(url, key); ";
const recognize = (source: string) => recognizeOf(supabaseAdapter, `${setUp} await supabase.${source}`);
const actionOf = (source: string) => {
  const recognition = recognize(source);
  if (recognition.kind !== 'effects') throw new Error(JSON.stringify(recognition));
  return recognition.effects[0]?.action;
};
const answerOf = (source: string) => {
  const recognition = recognize(source);
  return recognition.kind === 'effects' ? recognition.answer : recognition;
};
const input = (name: string) => ({ kind: 'input', name });
const constant = (value: unknown) => ({ kind: 'constant', value });
const compare = (column: string, operator: string, value: unknown) => ({ kind: 'compare', column, operator, value });
const users = { kind: 'table', store: 'database', name: 'users' };

test.each([
  "import { createClient } from '@supabase/supabase-js'; createClient(url, key)",
  "import { SupabaseClient } from '@supabase/supabase-js'; new SupabaseClient(url, key)",
  "import * as supabase from '@supabase/supabase-js'; supabase.createClient(url, key)",
  "import { createServerClient } from '@supabase/ssr'; createServerClient(url, key, {})",
  "import { createBrowserClient } from '@supabase/ssr'; createBrowserClient(url, key)",
  "import { createRouteHandlerClient } from '@supabase/auth-helpers-nextjs'; createRouteHandlerClient({ cookies })",
  "import type { SupabaseClient } from '@supabase/supabase-js'; declare const db: SupabaseClient<Database>; db",
])('%s is a client', (source) => {
  expect(valueOf(source, { adapters: [supabaseAdapter] }).value).toMatchObject({
    root: { client: { library: 'supabase', engine: 'postgresql', connection: 'pool' } },
    steps: [],
  });
});

test('nothing is sent before await', () => {
  expect(recognizeOf(supabaseAdapter, `${setUp} supabase.from('users').select()`)).toEqual({ kind: 'pending' });
  expect(recognize("from('users').select()")).toMatchObject({ kind: 'effects', sent: 'on await' });
});

describe('select', () => {
  test('rows with data, error and count', () => {
    expect(recognize("from('users').select('id, name').eq('email', email)")).toEqual({
      kind: 'effects',
      sent: 'on await',
      answer: { kind: 'object', fields: { data: { kind: 'rows' }, error: { kind: 'error' }, count: { kind: 'none' } } },
      effects: [
        {
          action: {
            kind: 'read',
            resource: users,
            selector: { conditions: [compare('email', '=', input('email'))] },
            mode: 'plain',
            columns: ['id', 'name'],
          },
          answer: {
            kind: 'object',
            fields: { data: { kind: 'rows' }, error: { kind: 'error' }, count: { kind: 'none' } },
          },
          label: "supabase.from('users').select",
        },
      ],
    });
  });

  test.each(['single', 'maybeSingle'])('%s gives one row or null', (link) => {
    expect(answerOf(`from('users').select().eq('id', id).${link}()`)).toMatchObject({
      fields: { data: { kind: 'row', absent: 'null' } },
    });
  });

  test('head with a count is an aggregate', () => {
    expect(recognize("from('seats').select('*', { count: 'exact', head: true }).eq('event', event)")).toMatchObject({
      answer: { fields: { data: { kind: 'none' }, count: { kind: 'count' } } },
      effects: [{ action: { aggregate: { kind: 'count' } } }],
    });
  });

  test('a schema before the table, limit and order', () => {
    expect(
      actionOf("schema('billing').from('invoices').select().order('number', { ascending: false }).limit(1)"),
    ).toMatchObject({
      resource: { name: 'invoices' },
      selector: { limit: 1, order: ['number desc'] },
    });
  });

  test('embedded tables, aliases, casts and aggregates in the column list', () => {
    expect(
      recognize("from('users').select('id, mail:email, created_at::text, team:teams!inner(id, plan), posts(*)')"),
    ).toMatchObject({
      answer: { fields: { data: { kind: 'rows', renamed: { mail: 'email' } } } },
      effects: [
        {
          action: {
            columns: ['id', 'email', 'created_at'],
            joined: ['teams', 'posts'],
            selector: { conditions: [{ kind: 'elsewhere' }] },
          },
        },
      ],
    });
    expect(
      actionOf(
        "from('users').select('id, team:teams(id), posts(*), likes(count), ...plans(name)').eq('posts.draft', true)",
      ),
    ).toMatchObject({
      related: [{ relation: 'teams', path: ['team'], counts: false, selector: { conditions: [] } }],
    });
    expect(actionOf("from('payments').select('amount.sum()')")).toMatchObject({
      aggregate: { kind: 'sum', column: 'amount' },
    });
    expect(actionOf("from('users').select('*, posts(*)')")).not.toHaveProperty('columns');
  });
});

describe('filters', () => {
  test.each([
    ["eq('a', v)", [compare('a', '=', input('v'))]],
    ["neq('a', v)", [compare('a', '!=', input('v'))]],
    ["gt('a', v)", [compare('a', '>', input('v'))]],
    ["gte('a', v)", [compare('a', '>=', input('v'))]],
    ["lt('a', v)", [compare('a', '<', input('v'))]],
    ["lte('a', v)", [compare('a', '<=', input('v'))]],
    ["in('a', ids)", [compare('a', 'in', input('ids'))]],
    ["is('a', null)", [compare('a', 'is null', constant(null))]],
    ["is('a', true)", [compare('a', '=', constant(true))]],
    ["ilike('a', v)", [compare('a', 'like', input('v'))]],
    ['match({ a: v, b: 1 })', [compare('a', '=', input('v')), compare('b', '=', constant(1))]],
    ["not('a', 'is', null)", [{ kind: 'not', conditions: [compare('a', 'is null', constant(null))] }]],
    ["filter('a', 'gte', v)", [compare('a', '>=', input('v'))]],
    [
      "or('a.eq.1,b.is.null')",
      [{ kind: 'any', branches: [[compare('a', '=', constant(1))], [compare('b', 'is null', constant(null))]] }],
    ],
    [
      'or(`a.eq.${v},b.eq.${w}`)',
      [{ kind: 'any', branches: [[compare('a', '=', input('v'))], [compare('b', '=', input('w'))]] }],
    ],
    [
      "or('and(a.eq.1,b.eq.2),c.eq.3')",
      [
        {
          kind: 'any',
          branches: [[{ kind: 'opaque', text: 'and(a.eq.1,b.eq.2)', values: [] }], [compare('c', '=', constant(3))]],
        },
      ],
    ],
    ['or(filters)', [{ kind: 'opaque', text: 'or', values: [input('filters')] }]],
    [
      "contains('tags', tags)",
      [{ kind: 'opaque', text: 'tags contains', values: [{ kind: 'current', column: 'tags' }, input('tags')] }],
    ],
    [
      "eq('settings->theme', v)",
      [{ kind: 'opaque', text: 'settings->theme eq', values: [{ kind: 'current', column: 'settings' }, input('v')] }],
    ],
    ["eq('teams.plan', 'pro')", [{ kind: 'elsewhere', text: 'teams.plan eq' }]],
    ['eq(column, v)', [{ kind: 'opaque', text: 'eq', values: [input('column'), input('v')] }]],
  ])('%s', (filter, conditions) => {
    expect(actionOf(`from('users').select().${filter}`)).toMatchObject({ selector: { conditions } });
  });
});

describe('writes', () => {
  test('insert: data only after select', () => {
    expect(recognize("from('users').insert({ email, role: undefined })")).toMatchObject({
      answer: { fields: { data: { kind: 'none' }, error: { kind: 'error' } } },
      effects: [
        {
          action: {
            kind: 'insert',
            values: [{ column: 'email', value: input('email') }],
            complete: true,
            many: false,
            onConflict: { kind: 'fail' },
          },
        },
      ],
    });
    expect(answerOf("from('users').insert({ email }).select().single()")).toMatchObject({
      fields: { data: { kind: 'row', absent: 'null' } },
    });
  });

  test('insert of several rows, and of an object that does not show', () => {
    expect(actionOf("from('seats').insert(rows.map((row) => ({ event, number: row.number })))")).toMatchObject({
      many: true,
      values: [{ column: 'event' }, { column: 'number' }],
    });
    expect(actionOf("from('users').insert({ ...user, email })")).toMatchObject({
      complete: false,
      values: [{ column: 'email' }],
    });
    expect(actionOf("from('users').insert(user)")).toMatchObject({ complete: false, values: [] });
  });

  test('upsert updates the existing row, or leaves it alone', () => {
    expect(actionOf("from('users').upsert({ email, name }, { onConflict: 'org, email' })")).toMatchObject({
      kind: 'insert',
      onConflict: { kind: 'update', target: ['org', 'email'], assignments: [{ column: 'email' }, { column: 'name' }] },
    });
    expect(actionOf("from('users').upsert({ email }, { onConflict: 'email', ignoreDuplicates: true })")).toMatchObject({
      onConflict: { kind: 'ignore', target: ['email'] },
    });
    expect(actionOf("from('users').upsert({ id, email })")).toMatchObject({
      onConflict: { kind: 'update', assignments: [{}, {}] },
    });
    expect(recognize("from('users').upsert({ email }, options)")).toMatchObject({
      kind: 'unsupported',
      reason: 'upsert options are computed',
    });
  });

  test('a conditional update, with and without a way to see its count', () => {
    expect(
      recognize("from('jobs').update({ status: 'taken' }).eq('id', id).eq('status', 'new').select('id')"),
    ).toMatchObject({
      answer: { fields: { data: { kind: 'rows' } } },
      effects: [
        {
          action: {
            kind: 'update',
            assignments: [{ column: 'status' }],
            selector: { conditions: [{ column: 'id' }, { column: 'status' }] },
          },
        },
      ],
    });
    expect(answerOf("from('jobs').update({ status: 'taken' }).eq('id', id)")).toMatchObject({
      fields: { data: { kind: 'none' }, count: { kind: 'none' } },
    });
    expect(answerOf("from('jobs').update({ status: 'taken' }, { count: 'exact' }).eq('id', id)")).toMatchObject({
      fields: { count: { kind: 'count' } },
    });
  });

  test('delete', () => {
    expect(actionOf("from('users').delete().eq('id', id)")).toEqual({
      kind: 'delete',
      resource: users,
      selector: { conditions: [compare('id', '=', input('id'))] },
    });
    expect(answerOf("from('users').delete({ count: 'exact' }).eq('id', id)")).toMatchObject({
      fields: { count: { kind: 'count' } },
    });
  });
});

describe('what is not understood', () => {
  test.each([
    ["rpc('debit', { id, amount })", 'SQL function is not known', 'debit'],
    ['from(table).select()', 'table name is computed', undefined],
    ["from('users').select().explain()", 'unknown member of a query', 'explain'],
    ["from('users').merge({})", 'unknown member of a query', 'merge'],
    ['graphql(query)', 'unknown member of Supabase', 'graphql'],
  ])('%s', (source, reason, detail) => {
    const recognition = recognize(source);
    expect(recognition).toMatchObject({ kind: 'unsupported', reason });
    if (detail !== undefined) expect(recognition).toMatchObject({ detail });
  });
});
