import { describe, expect, test } from 'vitest';
import { a, actionOf, actionsOf, b, c, constant, read, table } from './lower-sql.ts';

const compare = (column: string, operator: string, value: unknown) => ({ kind: 'compare', column, operator, value });
const current = (column: string) => ({ kind: 'current', column });
const apply = (operator: string, ...operands: unknown[]) => ({ kind: 'apply', operator, operands });

describe('SELECT', () => {
  test('reads rows of a table by its columns', () => {
    expect(actionOf('SELECT id, name FROM public.users AS u WHERE u.email = $1 AND tenant = $2 LIMIT 1')).toEqual({
      kind: 'read',
      resource: table('users'),
      selector: { conditions: [compare('email', '=', a), compare('tenant', '=', b)], limit: 1 },
      mode: 'plain',
      columns: ['id', 'name'],
    });
  });

  test.each([
    ['FOR UPDATE', 'update'],
    ['FOR NO KEY UPDATE', 'update'],
    ['FOR UPDATE NOWAIT', 'nowait'],
    ['FOR UPDATE SKIP LOCKED', 'skip locked'],
    ['FOR SHARE', 'share'],
    ['FOR KEY SHARE', 'plain'],
    ['', 'plain'],
  ])('%s is the mode %s', (clause, mode) => {
    expect(actionOf(`SELECT * FROM seats WHERE id = $1 ${clause}`)).toMatchObject({ kind: 'read', mode });
  });

  test('LOCK IN SHARE MODE is a shared locking read of InnoDB', () => {
    expect(actionOf('SELECT * FROM seats WHERE id = ? LOCK IN SHARE MODE', 'innodb')).toMatchObject({ mode: 'share' });
  });

  test('FOR UPDATE OF locks the named table of a join only', () => {
    const actions = actionsOf('SELECT * FROM orders o JOIN seats s ON s.id = o.seat WHERE o.id = $1 FOR UPDATE OF s');
    expect(actions).toMatchObject([
      { kind: 'read', resource: table('seats'), mode: 'update' },
      { kind: 'read', resource: table('orders'), mode: 'plain', joined: ['seats'] },
    ]);
  });

  test.each([
    ['SELECT count(*) FROM seats', { kind: 'count' }],
    ['SELECT count(*)::int AS n FROM seats', { kind: 'count' }],
    ['SELECT max(number) FROM invoices', { kind: 'max', column: 'number' }],
    ['SELECT sum(amount) FROM payments', { kind: 'sum', column: 'amount' }],
    ['SELECT avg(amount) FROM payments', { kind: 'other' }],
    ['SELECT count(DISTINCT email) FROM users', { kind: 'other', column: 'email' }],
    ['SELECT status, count(*) FROM seats GROUP BY status', { kind: 'other' }],
    ['SELECT EXISTS (SELECT 1 FROM users WHERE email = $1) AS taken', { kind: 'exists' }],
  ])('%s has an aggregate', (text, aggregate) => {
    expect(actionOf(text)).toMatchObject({ kind: 'read', aggregate });
  });

  test('a window function is no aggregate', () => {
    expect(actionOf('SELECT id, count(*) OVER (PARTITION BY team) FROM members')).not.toHaveProperty('aggregate');
  });

  test('computed answer columns are values over the row, so that max + 1 can be followed', () => {
    expect(actionOf('SELECT COALESCE(MAX(number), 0) + 1 AS next FROM invoices WHERE org = $1')).toMatchObject({
      aggregate: { kind: 'max', column: 'number' },
      outputs: { next: apply('+', apply('??', current('number'), constant(0)), constant(1)) },
    });
    expect(actionOf('SELECT stock AS qty FROM items')).toMatchObject({ outputs: { qty: current('stock') } });
  });

  test('order and limit are kept, also of FETCH FIRST and MySQL’s LIMIT offset, count', () => {
    expect(actionOf('SELECT * FROM jobs ORDER BY priority DESC, id LIMIT 3')).toMatchObject({
      selector: { limit: 3, order: ['priority desc', 'id'] },
    });
    expect(actionOf('SELECT * FROM jobs FETCH FIRST 2 ROWS ONLY')).toMatchObject({ selector: { limit: 2 } });
    expect(actionOf('SELECT * FROM jobs LIMIT 5, 1', 'innodb')).toMatchObject({ selector: { limit: 1 } });
  });

  test('a union reads on both sides', () => {
    expect(actionsOf('SELECT id FROM admins UNION SELECT id FROM users')).toMatchObject([
      { resource: table('admins') },
      { resource: table('users') },
    ]);
  });

  test('a query over a derived table reads the inner table', () => {
    expect(actionOf('SELECT * FROM (SELECT * FROM seats WHERE event = $1) s WHERE s.free > 0')).toMatchObject({
      resource: table('seats'),
      selector: { conditions: [compare('event', '=', a), { kind: 'opaque' }] },
    });
  });

  test('a recursive query ends', () => {
    expect(
      actionsOf(
        'WITH RECURSIVE t AS (SELECT id FROM nodes WHERE id = $1 UNION ALL SELECT n.id FROM nodes n JOIN t ON n.parent = t.id) SELECT * FROM t',
      ),
    ).toMatchObject([
      { kind: 'read', resource: table('nodes') },
      { kind: 'read', resource: table('nodes') },
    ]);
  });

  test.each([
    'SELECT 1',
    'SELECT now()',
    "SELECT nextval('orders_seq')",
    'SELECT * FROM generate_series(1, 3)',
    'SELECT * FROM pg_class',
    'SELECT table_name FROM information_schema.tables',
  ])('%s reads nothing of ours', (text) => expect(actionsOf(text)).toEqual([]));

  test.each(['SELECT debit_account($1, $2)', 'SELECT * FROM claim_next_job($1)'])(
    '%s calls a function that nobody knows',
    (text) => {
      expect(read(text)).toMatchObject({ kind: 'unsupported', reason: 'SQL function is not known' });
    },
  );
});

describe('WHERE', () => {
  const where = (text: string) => {
    const action = actionOf(`SELECT * FROM users WHERE ${text}`);
    return action.kind === 'read' ? action.selector.conditions : [];
  };

  test.each([
    ['id = ANY($1::uuid[])', [compare('id', 'in', a)]],
    ['id IN ($1, $2)', [compare('id', 'in', { kind: 'array', elements: [a, b], complete: true })]],
    ['id IN ($1)', [compare('id', 'in', a)]],
    ['$1 = email', [compare('email', '=', a)]],
    ['$1 < age', [compare('age', '>', a)]],
    ['deleted_at IS NULL', [compare('deleted_at', 'is null', constant(null))]],
    ['deleted_at IS NOT NULL', [compare('deleted_at', 'is not null', constant(null))]],
    ['age BETWEEN $1 AND $2', [compare('age', '>=', a), compare('age', '<=', b)]],
    ['name LIKE $1', [compare('name', 'like', a)]],
    ['active', [compare('active', '=', constant(true))]],
    ['active IS TRUE', [compare('active', '=', constant(true))]],
    ['balance >= -1.5', [compare('balance', '>=', constant(-1.5))]],
    ['(org, slug) = ($1, $2)', [compare('org', '=', a), compare('slug', '=', b)]],
    ['1 = 1 AND id = $1', [compare('id', '=', a)]],
    ['NOT banned', [{ kind: 'not', conditions: [compare('banned', '=', constant(true))] }]],
    ['id NOT IN ($1)', [{ kind: 'not', conditions: [compare('id', 'in', a)] }]],
    ['email IS NOT DISTINCT FROM $1', [compare('email', '=', a)]],
    [
      'email = $1 OR name = $2 OR id = $3',
      [{ kind: 'any', branches: [[compare('email', '=', a)], [compare('name', '=', b)], [compare('id', '=', c)]] }],
    ],
  ])('%s', (text, conditions) => expect(where(text)).toEqual(conditions));

  test('a normalizing function compares its column, for an input in normal form', () => {
    expect(where('lower(email) = lower($1)')).toEqual([compare('email', '=', a)]);
    expect(where('lower(email) = $1')).toEqual([compare('email', '=', a)]);
    expect(where('id::text = $1')).toEqual([compare('id', '=', a)]);
  });

  test('what is not understood stays visible, with what it depends on', () => {
    expect(where('age = limit_age')).toEqual([
      { kind: 'opaque', text: 'age = limit_age', values: [current('age'), current('limit_age')] },
    ]);
    expect(where('created_at::date = $1')).toMatchObject([{ kind: 'opaque', values: [current('created_at'), a] }]);
    expect(where('tags @> $1')).toEqual([{ kind: 'opaque', text: 'tags @> ?', values: [current('tags'), a] }]);
    expect(where('date_trunc($1, created_at) = $2')).toMatchObject([{ kind: 'opaque' }]);
  });

  test('subqueries and joined tables are elsewhere', () => {
    expect(where('EXISTS (SELECT 1 FROM bans WHERE bans.user_id = users.id)')).toMatchObject([{ kind: 'elsewhere' }]);
    expect(where('id IN (SELECT user_id FROM bans)')).toMatchObject([{ kind: 'elsewhere' }]);
    expect(
      actionOf('SELECT * FROM users u JOIN teams t ON t.id = u.team WHERE t.plan = $1 AND u.id = $2'),
    ).toMatchObject({
      selector: {
        conditions: [{ kind: 'elsewhere' }, compare('id', '=', b), { kind: 'elsewhere', text: 't.id = u.team' }],
      },
      joined: ['teams'],
    });
  });

  test('an unqualified column of a join could be anybody’s', () => {
    expect(actionOf('SELECT * FROM users u JOIN teams t ON t.id = u.team WHERE plan = $1')).toMatchObject({
      selector: { conditions: [{ kind: 'opaque' }, { kind: 'elsewhere' }] },
    });
  });
});

describe('INSERT', () => {
  test('pairs columns with values', () => {
    expect(actionOf("INSERT INTO users (email, role, created_at) VALUES ($1, 'member', now())")).toEqual({
      kind: 'insert',
      resource: table('users'),
      values: [
        { column: 'email', value: a },
        { column: 'role', value: constant('member') },
        { column: 'created_at', value: { kind: 'fresh', source: 'now' } },
      ],
      complete: true,
      many: false,
      onConflict: { kind: 'fail' },
    });
  });

  test('DEFAULT sets nothing', () => {
    expect(actionOf('INSERT INTO users (id, email) VALUES (DEFAULT, $1)')).toMatchObject({
      values: [{ column: 'email', value: a }],
    });
  });

  test('without columns the values are unknown', () => {
    expect(actionOf('INSERT INTO users VALUES ($1, $2)')).toMatchObject({ values: [], complete: false });
  });

  test('several rows have in common what is equal in all', () => {
    expect(actionOf('INSERT INTO seats (event, number) VALUES ($1, 1), ($1, 2)')).toMatchObject({
      many: true,
      values: [
        { column: 'event', value: a },
        { column: 'number', value: { kind: 'element', of: { kind: 'array', elements: [constant(1), constant(2)] } } },
      ],
    });
  });

  test.each([
    ['INSERT INTO users (email) VALUES ($1) ON CONFLICT DO NOTHING', 'postgresql', { kind: 'ignore' }],
    [
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO NOTHING',
      'postgresql',
      { kind: 'ignore', target: ['email'] },
    ],
    [
      "INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE status = 'live' DO NOTHING",
      'postgresql',
      { kind: 'ignore', target: ['email'] },
    ],
    [
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (lower(email)) DO NOTHING',
      'postgresql',
      { kind: 'ignore', target: ['email'] },
    ],
    ['INSERT IGNORE INTO users (email) VALUES (?)', 'innodb', { kind: 'ignore' }],
    ['INSERT OR IGNORE INTO users (email) VALUES (?)', 'sqlite', { kind: 'ignore' }],
    [
      'INSERT OR REPLACE INTO users (email) VALUES (?)',
      'sqlite',
      { kind: 'update', assignments: [{ column: 'email', value: a }] },
    ],
    [
      'REPLACE INTO users (email) VALUES (?)',
      'innodb',
      { kind: 'update', assignments: [{ column: 'email', value: a }] },
    ],
    [
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET email = EXCLUDED.email',
      'postgresql',
      { kind: 'update', target: ['email'], assignments: [{ column: 'email', value: a }] },
    ],
    [
      'INSERT INTO visits AS v (page, hits) VALUES ($1, 1) ON CONFLICT (page) DO UPDATE SET hits = v.hits + EXCLUDED.hits',
      'postgresql',
      {
        kind: 'update',
        target: ['page'],
        assignments: [{ column: 'hits', value: apply('+', current('hits'), constant(1)) }],
      },
    ],
    [
      'INSERT INTO visits (page, hits) VALUES (?, 1) ON DUPLICATE KEY UPDATE hits = hits + VALUES(hits)',
      'innodb',
      { kind: 'update', assignments: [{ column: 'hits', value: apply('+', current('hits'), constant(1)) }] },
    ],
    [
      'INSERT INTO visits (page, hits) VALUES (?, 1) AS new ON DUPLICATE KEY UPDATE hits = hits + new.hits',
      'innodb',
      { kind: 'update', assignments: [{ column: 'hits', value: apply('+', current('hits'), constant(1)) }] },
    ],
  ] as const)('%s', (text, engine, onConflict) => {
    expect(actionOf(text, engine)).toMatchObject({ kind: 'insert', onConflict });
  });

  test('DO UPDATE … WHERE keeps the row’s own value where the condition fails', () => {
    expect(
      actionOf(
        'INSERT INTO locks (name, owner) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner WHERE locks.expired',
      ),
    ).toMatchObject({
      onConflict: {
        assignments: [{ column: 'owner', value: apply('call:case', current('expired'), b, current('owner')) }],
      },
    });
  });

  test('INSERT … WHERE NOT EXISTS reads first, in the same statement', () => {
    expect(
      actionOf('INSERT INTO users (email) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM users WHERE email = $1)'),
    ).toMatchObject({
      values: [{ column: 'email', value: a }],
      source: { resource: table('users'), selector: { conditions: [compare('email', '=', a)] }, absent: true },
    });
    expect(
      actionOf(
        'INSERT INTO users (email) SELECT ? FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM users WHERE email = ?)',
        'innodb',
        [a, a],
      ),
    ).toMatchObject({ source: { absent: true } });
  });

  test('INSERT … SELECT takes its rows from a table', () => {
    expect(actionOf('INSERT INTO archive (id, note) SELECT id, $1 FROM orders WHERE closed')).toMatchObject({
      many: true,
      values: [
        { column: 'id', value: { kind: 'unknown' } },
        { column: 'note', value: a },
      ],
      source: { resource: table('orders'), absent: false },
    });
  });

  test('a condition that is no NOT EXISTS is not understood', () => {
    expect(read('INSERT INTO seats (id) SELECT $1 WHERE (SELECT count(*) FROM seats) < 10')).toMatchObject({
      kind: 'unsupported',
      reason: 'INSERT … SELECT is not understood',
    });
  });
});

describe('UPDATE and DELETE', () => {
  test('arithmetic over the own column is the current value', () => {
    expect(actionOf('UPDATE items SET stock = stock - $1 WHERE sku = $2 AND stock >= $1')).toEqual({
      kind: 'update',
      resource: table('items'),
      selector: { conditions: [compare('sku', '=', b), compare('stock', '>=', a)] },
      assignments: [{ column: 'stock', value: apply('-', current('stock'), a) }],
      complete: true,
    });
  });

  test('CASE is a function of what it mentions', () => {
    expect(actionOf("UPDATE items SET state = CASE WHEN stock > 3 THEN 'ok' ELSE 'low' END")).toMatchObject({
      assignments: [{ value: apply('call:case', current('stock'), constant(3), constant('ok'), constant('low')) }],
    });
  });

  test('(a, b) = (1, 2) sets both', () => {
    expect(actionOf('UPDATE items SET (stock, held) = ($1, $2) WHERE id = $3')).toMatchObject({
      assignments: [
        { column: 'stock', value: a },
        { column: 'held', value: b },
      ],
    });
  });

  test('another table’s column is unknown, and its join restricts the rows', () => {
    expect(actionOf('UPDATE items SET price = p.price FROM prices p WHERE p.sku = items.sku')).toMatchObject({
      selector: { conditions: [{ kind: 'opaque' }] },
      assignments: [{ column: 'price', value: { kind: 'unknown' } }],
    });
  });

  test.each([
    "UPDATE jobs SET status = 'running' WHERE id = (SELECT id FROM jobs WHERE status = 'queued' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *",
    "UPDATE jobs SET status = 'running' WHERE id IN (SELECT id FROM jobs WHERE status = 'queued' ORDER BY id LIMIT 1 FOR UPDATE) RETURNING *",
    "WITH next AS (SELECT id FROM jobs WHERE status = 'queued' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) UPDATE jobs SET status = 'running' FROM next WHERE jobs.id = next.id",
  ])('a locking claim is one step: %s', (text) => {
    expect(actionsOf(text)).toMatchObject([
      {
        kind: 'update',
        selector: { conditions: [compare('status', '=', constant('queued'))], limit: 1 },
        assignments: [{ value: constant('running') }],
      },
    ]);
  });

  test('FN a claim without a lock is not told from a safe one: the subquery is elsewhere', () => {
    expect(
      actionOf("UPDATE jobs SET status = 'running' WHERE id = (SELECT id FROM jobs WHERE status = 'queued' LIMIT 1)"),
    ).toMatchObject({
      selector: { conditions: [{ kind: 'elsewhere' }] },
    });
  });

  test('MySQL’s joined forms change the table that they name', () => {
    expect(
      actionOf('UPDATE orders o JOIN users u ON u.id = o.user_id SET o.state = ? WHERE u.email = ?', 'innodb'),
    ).toMatchObject({
      resource: table('orders'),
      assignments: [{ column: 'state', value: a }],
      selector: { conditions: [{ kind: 'elsewhere' }, { kind: 'elsewhere' }] },
    });
    expect(actionOf('DELETE o FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id = ?', 'innodb')).toMatchObject({
      kind: 'delete',
      resource: table('orders'),
    });
    expect(
      read('UPDATE orders o JOIN users u ON u.id = o.user_id SET o.state = 1, u.state = 2', 'innodb'),
    ).toMatchObject({ kind: 'unsupported', reason: 'UPDATE of several tables' });
  });

  test('DELETE and TRUNCATE', () => {
    expect(actionOf('DELETE FROM coupons WHERE code = $1')).toEqual({
      kind: 'delete',
      resource: table('coupons'),
      selector: { conditions: [compare('code', '=', a)] },
    });
    expect(actionOf('TRUNCATE coupons')).toEqual({
      kind: 'delete',
      resource: table('coupons'),
      selector: { conditions: [] },
    });
  });

  test('the own row may be qualified by table, alias or ONLY', () => {
    expect(actionOf('UPDATE ONLY items AS i SET stock = i.stock + 1 WHERE i.id = $1')).toMatchObject({
      resource: table('items'),
      assignments: [{ value: apply('+', current('stock'), constant(1)) }],
    });
  });
});

describe('MERGE and common table expressions', () => {
  test('MERGE updates what matches, and inserts when nothing did', () => {
    expect(
      actionsOf(
        'MERGE INTO visits t USING (SELECT $1 AS page) s ON t.page = s.page WHEN MATCHED THEN UPDATE SET hits = t.hits + 1 WHEN NOT MATCHED THEN INSERT (page, hits) VALUES (s.page, 1)',
      ),
    ).toMatchObject([
      {
        kind: 'update',
        selector: { conditions: [compare('page', '=', a)] },
        assignments: [{ value: apply('+', current('hits'), constant(1)) }],
      },
      {
        kind: 'insert',
        values: [{ column: 'page', value: a }, { column: 'hits' }],
        source: { absent: true, selector: { conditions: [compare('page', '=', a)] } },
      },
    ]);
  });

  test('each data-modifying part is an effect, all of them in one transaction', () => {
    const effects = read(
      'WITH gone AS (DELETE FROM carts WHERE id = $1 RETURNING *) INSERT INTO orders (cart) SELECT id FROM gone',
    );
    expect(effects).toMatchObject({
      kind: 'effects',
      atomic: true,
      answers: 1,
      drafts: [
        { action: { kind: 'delete', resource: table('carts') } },
        { action: { kind: 'insert', resource: table('orders') } },
      ],
    });
  });

  test('the answer of SELECT over a data-modifying part is that part’s', () => {
    expect(
      read(
        'WITH added AS (INSERT INTO users (email) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id) SELECT id FROM added',
      ),
    ).toMatchObject({ answers: 0, drafts: [{ answer: { kind: 'rows' } }] });
  });
});

describe('transactions and locks', () => {
  test.each([
    ['BEGIN', 'postgresql', undefined],
    ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'postgresql', 'serializable'],
    ['START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE', 'postgresql', 'repeatable read'],
    ['BEGIN; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE', 'postgresql', 'serializable'],
    ['SET TRANSACTION ISOLATION LEVEL READ COMMITTED', 'innodb', 'read committed'],
    ['START TRANSACTION WITH CONSISTENT SNAPSHOT', 'innodb', undefined],
    ['BEGIN', 'sqlite', 'deferred'],
    ['BEGIN IMMEDIATE', 'sqlite', 'immediate'],
    ['BEGIN EXCLUSIVE TRANSACTION', 'sqlite', 'immediate'],
  ] as const)('%s (%s) begins a transaction', (text, engine, isolation) => {
    const action = actionOf(text, engine);
    expect(action.kind).toBe('begin');
    expect(action.kind === 'begin' && action.isolation).toBe(isolation);
  });

  test.each([
    ['COMMIT', 'commit'],
    ['END', 'commit'],
    ['ROLLBACK', 'rollback'],
  ])('%s', (text, kind) => expect(actionOf(text)).toMatchObject({ kind }));

  test.each([
    'SAVEPOINT a',
    'ROLLBACK TO SAVEPOINT a',
    'ROLLBACK TO a',
    'RELEASE SAVEPOINT a',
    "SET LOCAL lock_timeout = '2s'",
    'CREATE TABLE x (id int)',
    'LISTEN jobs',
    'VACUUM',
    '',
  ])('%s does nothing that matters', (text) => expect(actionsOf(text)).toEqual([]));

  test('several statements in one text', () => {
    expect(
      actionsOf("BEGIN; UPDATE users SET name = 'a;b' WHERE id = $1; -- done; really\n COMMIT;").map(
        ({ kind }) => kind,
      ),
    ).toEqual(['begin', 'update', 'commit']);
  });

  test.each([
    [
      'SELECT pg_advisory_xact_lock(hashtext($1))',
      'postgresql',
      {
        kind: 'lock',
        scope: 'transaction',
        attempt: false,
        resource: { kind: 'lock', key: apply('call:hashtext', a) },
      },
    ],
    [
      'SELECT pg_advisory_lock($1, $2)',
      'postgresql',
      { kind: 'lock', scope: 'session', resource: { key: { kind: 'array', elements: [a, b] } } },
    ],
    [
      'SELECT pg_try_advisory_lock(42) AS locked',
      'postgresql',
      { kind: 'lock', scope: 'session', attempt: true, resource: { key: constant(42) } },
    ],
    ['SELECT pg_advisory_unlock($1)', 'postgresql', { kind: 'unlock', resource: { key: a } }],
    ['SELECT GET_LOCK(?, 10)', 'innodb', { kind: 'lock', scope: 'session', attempt: false, resource: { key: a } }],
    ['SELECT GET_LOCK(?, 0)', 'innodb', { attempt: true }],
    ['SELECT RELEASE_LOCK(?)', 'innodb', { kind: 'unlock', resource: { key: a } }],
    [
      'LOCK TABLE seats IN SHARE ROW EXCLUSIVE MODE',
      'postgresql',
      { kind: 'lock', scope: 'transaction', resource: { key: constant('table seats') } },
    ],
    ['LOCK TABLE seats', 'postgresql', { kind: 'lock', scope: 'transaction' }],
    ['LOCK TABLES seats WRITE', 'innodb', { kind: 'lock', scope: 'session' }],
  ] as const)('%s', (text, engine, action) => expect(actionOf(text, engine)).toMatchObject(action));

  test('a mode that excludes no other of its kind is no lock, and a half-lock is not modelled', () => {
    expect(actionsOf('LOCK TABLE seats IN ROW EXCLUSIVE MODE')).toEqual([]);
    expect(read('LOCK TABLE seats IN SHARE MODE')).toMatchObject({
      kind: 'unsupported',
      reason: 'SQL lock is not modelled',
    });
    expect(read('SELECT pg_advisory_lock_shared($1)')).toMatchObject({
      kind: 'unsupported',
      reason: 'SQL lock is not modelled',
    });
  });
});

describe('parameters', () => {
  test('PostgreSQL numbers may repeat and come in any order', () => {
    expect(actionOf('SELECT * FROM t WHERE x = $2 AND y = $1 AND z = $2')).toMatchObject({
      selector: { conditions: [{ value: b }, { value: a }, { value: b }] },
    });
  });

  test('question marks count, except inside texts and comments', () => {
    expect(actionOf("SELECT * FROM t WHERE x = '?' /* ? */ AND y = ? -- ?\n AND z = ?", 'sqlite')).toMatchObject({
      selector: { conditions: [{ value: constant('?') }, { value: a }, { value: b }] },
    });
  });

  test('named parameters come from one object', () => {
    const named = { kind: 'object', entries: [{ name: 'email', value: a }], spreads: [], complete: true } as const;
    expect(actionOf('SELECT * FROM t WHERE x = @email AND y = :email AND z = $email', 'sqlite', [named])).toMatchObject(
      { selector: { conditions: [{ value: a }, { value: a }, { value: a }] } },
    );
  });

  test('a missing parameter is unknown', () => {
    expect(actionOf('SELECT * FROM t WHERE x = $9')).toMatchObject({
      selector: { conditions: [{ value: { kind: 'unknown' } }] },
    });
  });

  test('PostgreSQL folds unquoted names', () => {
    expect(actionOf('SELECT * FROM Users WHERE eMail = $1')).toMatchObject({
      resource: table('users'),
      selector: { conditions: [{ column: 'email' }] },
    });
    expect(actionOf('SELECT * FROM "Users" WHERE "eMail" = $1')).toMatchObject({
      resource: table('Users'),
      selector: { conditions: [{ column: 'eMail' }] },
    });
  });
});

describe('what is not understood', () => {
  test('text that does not parse says why', () => {
    expect(read('SELECT * FROM users WHERE email =')).toMatchObject({
      kind: 'unsupported',
      reason: 'SQL text does not parse',
      detail: expect.stringContaining('Expected'),
    });
    expect(read('hello world')).toMatchObject({ kind: 'unsupported', reason: 'SQL text does not parse' });
  });

  test.each(['CALL close_month($1)', 'DO $$ BEGIN UPDATE users SET n = 1; END $$', 'COPY users FROM STDIN'])(
    '%s is not modelled',
    (text) => {
      expect(read(text)).toMatchObject({ kind: 'unsupported', reason: 'SQL statement is not modelled' });
    },
  );
});
