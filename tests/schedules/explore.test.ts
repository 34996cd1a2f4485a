import { describe, expect, test } from 'vitest';
import type { IsolationLevel } from '../../src/model/engine.ts';
import type { Operation, Program, Relation, Term, World } from '../../src/model/program.ts';
import type { Verdict } from '../../src/model/witness.ts';
import { explore, type Question } from '../../src/schedules/explore.ts';
import type { Dialect } from '../../src/schedules/dialects/dialect.ts';
import { innodb } from '../../src/schedules/dialects/innodb.ts';
import { innodbSnapshotIsolation } from '../../src/schedules/dialects/innodb-snapshot-isolation.ts';
import { postgresql } from '../../src/schedules/dialects/postgresql.ts';
import { redis } from '../../src/schedules/dialects/redis.ts';
import { sqlite } from '../../src/schedules/dialects/sqlite.ts';

const constant = (value: string | number | boolean | null): Term => ({ kind: 'constant', value });
const symbol = (name: string): Term => ({ kind: 'symbol', name });
const variable = (read: string, column: string): Term => ({ kind: 'variable', read, column });
const current = (column: string): Term => ({ kind: 'current', column });
const apply = (name: string, ...operands: Term[]): Term => ({ kind: 'apply', name, operands });
const equals = (column: string, value: Term) => ({ kind: 'compare', column, comparison: '=', value }) as const;
const email = symbol('email');

function relation(name: string, rows: Relation['rows'], unique: Relation['unique'] = []): Relation {
  return { name, rows, unique: [['id'], ...unique], checks: [], foreignKeys: [], surrogate: ['id'], indexed: [] };
}

function inTransaction(isolation: IsolationLevel | undefined, operations: readonly Operation[]): Program {
  if (isolation === undefined || isolation === 'autocommit') return { name: 'request', operations };
  return {
    name: 'request',
    operations: [
      { id: 'begin', label: 'BEGIN', kind: 'begin', isolation },
      ...operations,
      { id: 'commit', label: 'COMMIT', kind: 'commit' },
    ],
  };
}

const dialects = { postgresql, innodb, 'snapshot isolation': innodbSnapshotIsolation, sqlite };

function ask(dialect: Dialect, program: Program, world: World, more: Partial<Question> = {}): Verdict {
  return explore({ a: program, b: program, mode: 'two requests', world, dialect, ...more });
}

function nameVerdict(verdict: Verdict): string {
  return verdict.kind === 'witness' ? verdict.witness.anomaly : verdict.kind;
}

const findUser: Operation = {
  id: 'find',
  label: 'SELECT user',
  kind: 'read',
  relation: 'user',
  where: [equals('email', email)],
  mode: 'plain',
  into: 'found',
};
const notFound = { when: { kind: 'not', check: { kind: 'found', read: 'found' } }, otherwise: 'stop' } as const;
const insertUser: Operation = {
  id: 'insert',
  label: 'INSERT user',
  kind: 'insert',
  relation: 'user',
  row: { email },
  onDuplicate: 'fail',
  ...notFound,
};
const users = (unique: boolean): World => ({ relations: [relation('user', [], unique ? [['email']] : [])], keys: [] });

describe('signing up with one e-mail address', () => {
  test.each([
    ['postgresql', 'autocommit', 'duplicate row'],
    ['postgresql', 'read committed', 'duplicate row'],
    ['postgresql', 'repeatable read', 'duplicate row'],
    ['postgresql', 'serializable', 'safe'],
    ['innodb', 'autocommit', 'duplicate row'],
    ['innodb', 'repeatable read', 'duplicate row'],
    ['innodb', 'serializable', 'safe'],
    ['sqlite', 'autocommit', 'duplicate row'],
    ['sqlite', 'deferred', 'safe'],
    ['sqlite', 'immediate', 'safe'],
  ] as const)('%s at %s without a unique key: %s', (dialect, isolation, expected) => {
    expect(nameVerdict(ask(dialects[dialect], inTransaction(isolation, [findUser, insertUser]), users(false)))).toBe(
      expected,
    );
  });

  test.each([
    ['postgresql', 'autocommit'],
    ['postgresql', 'read committed'],
    ['innodb', 'repeatable read'],
    ['sqlite', 'autocommit'],
  ] as const)('%s at %s with a unique key: one request fails although it checked', (dialect, isolation) => {
    const verdict = ask(dialects[dialect], inTransaction(isolation, [findUser, insertUser]), users(true));
    expect(nameVerdict(verdict)).toBe('unhandled conflict');
  });

  test('a handled duplicate is safe', () => {
    const handled: Operation = { ...insertUser, catches: ['duplicate'] };
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [findUser, handled]), users(true)))).toBe('safe');
  });

  test('an ignored duplicate is safe', () => {
    const ignored: Operation = {
      id: 'insert',
      label: 'INSERT user',
      kind: 'insert',
      relation: 'user',
      row: { email },
      onDuplicate: 'ignore',
      ...notFound,
    };
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [findUser, ignored]), users(true)))).toBe('safe');
  });

  test('INSERT … WHERE NOT EXISTS is not one step in PostgreSQL, but it is in SQLite', () => {
    const unless: Operation = {
      id: 'insert',
      label: 'INSERT user',
      kind: 'insert',
      relation: 'user',
      row: { email },
      onDuplicate: 'fail',
      unless: { relation: 'user', where: [equals('email', email)] },
    };
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [unless]), users(false)))).toBe('duplicate row');
    expect(nameVerdict(ask(sqlite, inTransaction(undefined, [unless]), users(false)))).toBe('safe');
  });

  test('the witness tells the schedule and both ends', () => {
    const verdict = ask(postgresql, inTransaction('read committed', [findUser, insertUser]), users(false));
    if (verdict.kind !== 'witness') throw new Error(verdict.kind);
    expect(verdict.witness.steps.map((step) => `${step.actor} ${step.label}: ${step.outcome}`)).toMatchInlineSnapshot(`
      [
        "A BEGIN: ",
        "A SELECT user: finds none",
        "B BEGIN: ",
        "B SELECT user: finds none",
        "B INSERT user: 1 row",
        "B COMMIT: ",
        "A INSERT user: 1 row",
        "A COMMIT: ",
      ]
    `);
    expect(verdict.witness.final).toMatchInlineSnapshot(`
      [
        "2 rows in user with email email",
      ]
    `);
    expect(verdict.witness.serial).toMatchInlineSnapshot(`
      [
        "A, then B: 1 row in user with email email; A succeeds; B is refused",
        "B, then A: 1 row in user with email email; A is refused; B succeeds",
      ]
    `);
    expect(verdict.witness.switches).toBe(2);
  });
});

const items: World = { relations: [relation('item', [{ id: symbol('item'), stock: symbol('stock') }])], keys: [] };
const byId = [equals('id', symbol('item'))];
const readStock = (mode: 'plain' | 'update'): Operation => ({
  id: 'read',
  label: 'SELECT stock',
  kind: 'read',
  relation: 'item',
  where: byId,
  mode,
  into: 'read',
});
const writeStock = (value: Term): Operation => ({
  id: 'write',
  label: 'UPDATE stock',
  kind: 'update',
  relation: 'item',
  where: byId,
  set: { stock: value },
});
const enough = {
  when: { kind: 'compare', comparison: '>=', left: variable('read', 'stock'), right: symbol('quantity') },
  otherwise: 'stop',
} as const;

describe('taking from stock', () => {
  const computed = writeStock(apply('-', variable('read', 'stock'), symbol('quantity')));
  const atomic = writeStock(apply('-', current('stock'), symbol('quantity')));

  test.each([
    ['postgresql', 'autocommit', 'lost update'],
    ['postgresql', 'read committed', 'lost update'],
    ['postgresql', 'repeatable read', 'safe'],
    ['postgresql', 'serializable', 'safe'],
    ['innodb', 'repeatable read', 'lost update'],
    ['snapshot isolation', 'repeatable read', 'safe'],
    ['innodb', 'serializable', 'safe'],
    ['sqlite', 'autocommit', 'lost update'],
    ['sqlite', 'deferred', 'safe'],
  ] as const)('%s at %s: reading, then writing what was computed: %s', (dialect, isolation, expected) => {
    expect(
      nameVerdict(
        ask(dialects[dialect], inTransaction(isolation, [readStock('plain'), { ...computed, ...enough }]), items),
      ),
    ).toBe(expected);
  });

  test('a locking read is safe inside a transaction and nothing outside', () => {
    expect(nameVerdict(ask(postgresql, inTransaction('read committed', [readStock('update'), computed]), items))).toBe(
      'safe',
    );
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [readStock('update'), computed]), items))).toBe(
      'lost update',
    );
  });

  test('one statement that computes is safe', () => {
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [atomic]), items))).toBe('safe');
    expect(nameVerdict(ask(innodb, inTransaction('repeatable read', [atomic]), items))).toBe('safe');
  });

  test('a check in code before it oversells', () => {
    expect(
      nameVerdict(ask(postgresql, inTransaction(undefined, [readStock('plain'), { ...atomic, ...enough }]), items)),
    ).toBe('oversold');
  });

  test('a condition in the statement whose count is checked is safe', () => {
    const conditional: Operation = {
      id: 'write',
      label: 'UPDATE stock',
      kind: 'update',
      relation: 'item',
      where: [...byId, { kind: 'compare', column: 'stock', comparison: '>=', value: symbol('quantity') }],
      set: { stock: apply('-', current('stock'), symbol('quantity')) },
      into: 'hit',
    };
    const checked: Operation = {
      id: 'check',
      label: 'sold out?',
      kind: 'check',
      when: { kind: 'found', read: 'hit' },
      otherwise: 'stop',
    };
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [conditional, checked]), items))).toBe('safe');
  });

  test('a blind write of input is safe', () => {
    expect(
      nameVerdict(ask(postgresql, inTransaction(undefined, [readStock('plain'), writeStock(symbol('input'))]), items)),
    ).toBe('safe');
  });

  test('an uninterpreted function of what was read is a lost update', () => {
    const merged = writeStock(apply('merge', variable('read', 'stock'), { kind: 'private', name: 'patch' }));
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [readStock('plain'), merged]), items))).toBe(
      'lost update',
    );
  });

  test('an optimistic version whose count is checked is safe, unchecked it loses updates', () => {
    const world: World = {
      relations: [relation('item', [{ id: symbol('item'), stock: symbol('stock'), version: symbol('version') }])],
      keys: [],
    };
    const write: Operation = {
      id: 'write',
      label: 'UPDATE stock',
      kind: 'update',
      relation: 'item',
      where: [...byId, equals('version', variable('read', 'version'))],
      set: { stock: apply('f', variable('read', 'stock')), version: apply('+', current('version'), constant(1)) },
      into: 'hit',
    };
    const check: Operation = {
      id: 'check',
      label: 'changed meanwhile?',
      kind: 'check',
      when: { kind: 'found', read: 'hit' },
      otherwise: 'stop',
    };
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [readStock('plain'), write]), world))).toBe(
      'lost update',
    );
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [readStock('plain'), write, check]), world))).toBe(
      'safe',
    );
  });
});

describe('keys', () => {
  const key = symbol('counter');
  const get: Operation = { id: 'get', label: 'GET', kind: 'command', command: { kind: 'get', key }, into: 'got' };
  const world: World = { relations: [], keys: [{ key, value: constant(10), expires: false }] };

  test('GET, then SET of the sum loses updates', () => {
    const set: Operation = {
      id: 'set',
      label: 'SET',
      kind: 'command',
      command: {
        kind: 'set',
        key,
        value: apply('+', variable('got', 'value'), constant(1)),
        onlyIfAbsent: false,
        expiry: 'none',
      },
    };
    expect(nameVerdict(ask(redis, inTransaction(undefined, [get, set]), world))).toBe('lost update');
  });

  test('INCR does not', () => {
    const incr: Operation = {
      id: 'incr',
      label: 'INCR',
      kind: 'command',
      command: { kind: 'incr', key, by: constant(1) },
    };
    expect(nameVerdict(ask(redis, inTransaction(undefined, [incr]), world))).toBe('safe');
  });

  test('a one-time token that is read, then deleted, is accepted twice', () => {
    const stop: Operation = { ...get, id: 'get' };
    const del: Operation = {
      id: 'del',
      label: 'DEL',
      kind: 'command',
      command: { kind: 'del', key },
      when: { kind: 'found', read: 'got' },
      otherwise: 'stop',
    };
    expect(nameVerdict(ask(redis, inTransaction(undefined, [stop, del]), world))).toBe('double effect');
  });

  test('a crash between INCR and EXPIRE leaves a counter for ever', () => {
    const incr: Operation = {
      id: 'incr',
      label: 'INCR',
      kind: 'command',
      command: { kind: 'incr', key, by: constant(1) },
    };
    const expire: Operation = { id: 'expire', label: 'EXPIRE', kind: 'command', command: { kind: 'expire', key } };
    const verdict = ask(
      redis,
      inTransaction(undefined, [incr, expire]),
      { relations: [], keys: [] },
      { mode: 'request and crash' },
    );
    expect(nameVerdict(verdict)).toBe('no expiry');
  });

  test('a cache that is filled from an old row stays wrong', () => {
    const cache = symbol('cache');
    const fill: Program = {
      name: 'fill',
      operations: [
        { id: 'get', label: 'GET', kind: 'command', command: { kind: 'get', key: cache }, into: 'got' },
        { ...readStock('plain'), when: { kind: 'not', check: { kind: 'found', read: 'got' } } },
        {
          id: 'set',
          label: 'SET',
          kind: 'command',
          command: { kind: 'set', key: cache, value: variable('read', 'stock'), onlyIfAbsent: false, expiry: 'set' },
          when: { kind: 'not', check: { kind: 'found', read: 'got' } },
        },
      ],
    };
    const change: Program = {
      name: 'change',
      operations: [
        writeStock(symbol('input')),
        { id: 'del', label: 'DEL', kind: 'command', command: { kind: 'del', key: cache } },
      ],
    };
    expect(nameVerdict(explore({ a: fill, b: change, mode: 'two requests', world: items, dialect: postgresql }))).toBe(
      'stale cache',
    );
  });
});

describe('outside two requests', () => {
  const related = symbol('related');
  const cache: World = {
    relations: [],
    keys: [
      { key: symbol('entry'), value: symbol('old'), expires: false },
      { key: related, value: symbol('stale'), expires: false },
    ],
  };
  const set: Operation = {
    id: 'set',
    label: 'SET entry',
    kind: 'command',
    command: { kind: 'set', key: symbol('entry'), value: symbol('new'), onlyIfAbsent: false, expiry: 'none' },
  };
  const drop: Operation = { id: 'drop', label: 'DEL related', kind: 'command', command: { kind: 'del', key: related } };
  const look = (id: string, key: Term): Operation => ({
    id,
    label: 'GET',
    kind: 'command',
    command: { kind: 'get', key },
    into: id,
  });
  const reader: Program = { name: 'reader', operations: [look('entry', symbol('entry')), look('related', related)] };

  test('a reader between two commands sees what it never could', () => {
    const verdict = explore({
      a: { name: 'set', operations: [set, drop] },
      b: reader,
      mode: 'request and reader',
      world: cache,
      dialect: redis,
    });
    expect(nameVerdict(verdict)).toBe('torn read');
    expect(verdict.kind === 'witness' && verdict.witness.steps.map((step) => step.actor)).toEqual([
      'A',
      'reader',
      'reader',
      'A',
    ]);
  });

  test('a reader of one key is safe, and so is a block', () => {
    const one: Program = { name: 'reader', operations: [look('entry', symbol('entry'))] };
    expect(
      nameVerdict(
        explore({
          a: { name: 'set', operations: [set, drop] },
          b: one,
          mode: 'request and reader',
          world: cache,
          dialect: redis,
        }),
      ),
    ).toBe('safe');
    const block: Operation = {
      id: 'block',
      label: 'MULTI',
      kind: 'block',
      commands: [
        { kind: 'set', key: symbol('entry'), value: symbol('new'), onlyIfAbsent: false, expiry: 'none' },
        { kind: 'del', key: related },
      ],
    };
    const both: Program = {
      name: 'reader',
      operations: [
        {
          ...look('both', related),
          kind: 'command',
          command: { kind: 'mget', keys: [symbol('entry'), related] },
          into: 'both',
        },
      ],
    };
    expect(
      nameVerdict(
        explore({
          a: { name: 'set', operations: [block] },
          b: both,
          mode: 'request and reader',
          world: cache,
          dialect: redis,
        }),
      ),
    ).toBe('safe');
  });

  test('a crash between two commands leaves one of them', () => {
    const verdict = explore({
      a: { name: 'set', operations: [set, drop] },
      b: { name: '', operations: [] },
      mode: 'request and crash',
      world: cache,
      dialect: redis,
    });
    expect(nameVerdict(verdict)).toBe('half applied');
    expect(verdict.kind === 'witness' && verdict.witness.steps.map((step) => step.actor)).toEqual(['A', 'crash']);
  });

  test('a crash between two writes of a transaction leaves nothing', () => {
    const write = (id: string, amount: number): Operation => ({
      ...writeStock(apply('+', current('stock'), constant(amount))),
      id,
    });
    const crash = (isolation: IsolationLevel | undefined) =>
      nameVerdict(
        ask(postgresql, inTransaction(isolation, [write('one', 1), write('two', 2)]), items, {
          mode: 'request and crash',
        }),
      );
    expect(crash('read committed')).toBe('safe');
    expect(crash(undefined)).toBe('half applied');
  });

  test('a second delivery that finds its marker is safe, one without adds up again', () => {
    const credit = writeStock(apply('+', current('stock'), constant(10)));
    const mark: Operation = {
      id: 'mark',
      label: 'INSERT marker',
      kind: 'insert',
      relation: 'marker',
      row: { event: symbol('event') },
      onDuplicate: 'ignore',
      into: 'mark',
    };
    const seen: Operation = {
      id: 'seen',
      label: 'seen?',
      kind: 'check',
      when: { kind: 'found', read: 'mark' },
      otherwise: 'stop',
    };
    const world: World = { relations: [...items.relations, relation('marker', [], [['event']])], keys: [] };
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [credit]), world, { mode: 'redelivery' }))).toBe(
      'double effect',
    );
    expect(
      nameVerdict(ask(postgresql, inTransaction(undefined, [mark, seen, credit]), world, { mode: 'redelivery' })),
    ).toBe('safe');
  });
});

describe('naming', () => {
  const count: Operation = {
    id: 'count',
    label: 'COUNT',
    kind: 'read',
    relation: 'member',
    where: [equals('team', symbol('team'))],
    mode: 'plain',
    aggregate: { kind: 'count', column: '*' },
    into: 'count',
  };
  const join = (limit: Term): Operation => ({
    id: 'join',
    label: 'INSERT member',
    kind: 'insert',
    relation: 'member',
    row: { team: symbol('team'), who: { kind: 'private', name: 'who' } },
    onDuplicate: 'fail',
    when: { kind: 'compare', comparison: '<', left: variable('count', '#'), right: limit },
    otherwise: 'stop',
  });

  test('a limit that is counted before inserting', () => {
    const two: World = {
      relations: [relation('member', [{ team: symbol('team') }, { team: symbol('team') }])],
      keys: [],
    };
    expect(nameVerdict(ask(postgresql, inTransaction('repeatable read', [count, join(constant(3))]), two))).toBe(
      'limit exceeded',
    );
    expect(
      nameVerdict(
        ask(postgresql, inTransaction(undefined, [count, join(symbol('limit'))]), {
          relations: [relation('member', [])],
          keys: [],
        }),
      ),
    ).toBe('limit exceeded');
  });

  test('a number that is the maximum and one', () => {
    const maximum: Operation = {
      id: 'max',
      label: 'MAX',
      kind: 'read',
      relation: 'invoice',
      where: [],
      mode: 'plain',
      aggregate: { kind: 'max', column: 'seq' },
      into: 'max',
    };
    const insert: Operation = {
      id: 'insert',
      label: 'INSERT invoice',
      kind: 'insert',
      relation: 'invoice',
      row: { seq: apply('+', variable('max', 'seq'), constant(1)), who: { kind: 'private', name: 'who' } },
      onDuplicate: 'fail',
    };
    const world = (unique: boolean): World => ({
      relations: [relation('invoice', [{ seq: symbol('seq') }], unique ? [['seq']] : [])],
      keys: [],
    });
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [maximum, insert]), world(false)))).toBe(
      'duplicate number',
    );
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [maximum, insert]), world(true)))).toBe(
      'unhandled conflict',
    );
  });

  test('a charge before the write that should prevent it', () => {
    const order: World = {
      relations: [relation('order', [{ id: symbol('order'), status: constant('open') }])],
      keys: [],
    };
    const read: Operation = {
      id: 'read',
      label: 'SELECT order',
      kind: 'read',
      relation: 'order',
      where: [equals('id', symbol('order'))],
      mode: 'plain',
      into: 'read',
    };
    const charge: Operation = {
      id: 'charge',
      label: 'charge',
      kind: 'effect',
      name: 'charge',
      key: symbol('order'),
      deduplicated: false,
      when: { kind: 'compare', comparison: '=', left: variable('read', 'status'), right: constant('open') },
      otherwise: 'stop',
    };
    const pay: Operation = {
      id: 'pay',
      label: 'UPDATE order',
      kind: 'update',
      relation: 'order',
      where: [equals('id', symbol('order'))],
      set: { status: constant('paid') },
    };
    expect(nameVerdict(ask(postgresql, inTransaction(undefined, [read, charge, pay]), order))).toBe('double effect');
  });

  test('a child for a parent that is being deleted', () => {
    const world: World = { relations: [relation('team', [{ id: symbol('team') }]), relation('member', [])], keys: [] };
    const parent: Operation = {
      id: 'parent',
      label: 'SELECT team',
      kind: 'read',
      relation: 'team',
      where: [equals('id', symbol('team'))],
      mode: 'plain',
      into: 'parent',
    };
    const child: Operation = {
      id: 'child',
      label: 'INSERT member',
      kind: 'insert',
      relation: 'member',
      row: { team: symbol('team') },
      onDuplicate: 'fail',
      when: { kind: 'found', read: 'parent' },
      otherwise: 'stop',
    };
    const remove: Operation = {
      id: 'delete',
      label: 'DELETE team',
      kind: 'delete',
      relation: 'team',
      where: [equals('id', symbol('team'))],
      when: { kind: 'compare', comparison: '=', left: variable('count', '#'), right: constant(0) },
      otherwise: 'stop',
    };
    expect(
      nameVerdict(
        explore({
          a: { name: 'join', operations: [parent, child] },
          b: { name: 'close', operations: [count, remove] },
          mode: 'two requests',
          world,
          dialect: postgresql,
        }),
      ),
    ).toBe('orphan');
  });

  test('finding, then deleting or overwriting, is what some order does', () => {
    const job: World = { relations: [relation('job', [{ id: symbol('job') }])], keys: [] };
    const where = [equals('id', symbol('job'))];
    const read: Operation = {
      id: 'read',
      label: 'SELECT job',
      kind: 'read',
      relation: 'job',
      where,
      mode: 'plain',
      into: 'read',
    };
    const guard = { when: { kind: 'found', read: 'read' }, otherwise: 'stop' } as const;
    expect(
      nameVerdict(
        ask(
          postgresql,
          inTransaction(undefined, [
            read,
            { id: 'delete', label: 'DELETE job', kind: 'delete', relation: 'job', where, ...guard },
          ]),
          job,
        ),
      ),
    ).toBe('safe');
    expect(
      nameVerdict(
        ask(
          postgresql,
          inTransaction(undefined, [
            read,
            {
              id: 'write',
              label: 'UPDATE job',
              kind: 'update',
              relation: 'job',
              where,
              set: { name: symbol('name') },
              ...guard,
            },
          ]),
          job,
        ),
      ),
    ).toBe('safe');
  });

  test('too many operations are inconclusive', () => {
    const many = Array.from({ length: 13 }, (_, index) => ({ ...readStock('plain'), id: `read${index}` }));
    expect(ask(postgresql, inTransaction(undefined, many), items)).toEqual({
      kind: 'inconclusive',
      reason: '13 operations a side, more than 12',
    });
  });
});

// A count instead of a time: what a state costs is the machine's, how many there are is the search's.
test('an ordinary question takes a hundredth of the budget', () => {
  const small = { budget: { operations: 12, states: 50 } };
  const computed = writeStock(apply('-', variable('read', 'stock'), symbol('quantity')));
  const ordinary = [
    (more: Partial<Question>) =>
      ask(postgresql, inTransaction('read committed', [findUser, insertUser]), users(false), more),
    (more: Partial<Question>) =>
      ask(postgresql, inTransaction('serializable', [readStock('plain'), { ...computed, ...enough }]), items, more),
    (more: Partial<Question>) =>
      ask(innodb, inTransaction('repeatable read', [readStock('update'), computed]), items, more),
  ];
  expect(ordinary.map((question) => nameVerdict(question(small)))).toEqual(
    ordinary.map((question) => nameVerdict(question({}))),
  );
});

describe('two requests on one connection', () => {
  const connection = 'shared';
  const begin: Operation = { id: 'begin', label: 'BEGIN', kind: 'begin', isolation: 'read committed', connection };
  const rollback: Operation = { id: 'rollback', label: 'ROLLBACK', kind: 'rollback', connection };
  const commit: Operation = { id: 'commit', label: 'COMMIT', kind: 'commit', connection };
  const empty: Operation = {
    id: 'empty',
    label: 'UPDATE stock',
    kind: 'update',
    relation: 'stock',
    where: [],
    set: { free: constant(0) },
    connection,
  };
  const world: World = { relations: [relation('stock', [{ id: constant(1), free: constant(5) }])], keys: [] };
  const name = 'request';

  test.each([postgresql, innodb])('$engine: the ROLLBACK of one takes what the other has written', (dialect) => {
    const verdict = explore({
      a: { name, operations: [begin, rollback] },
      b: { name, operations: [begin, empty, commit] },
      mode: 'two requests',
      world,
      dialect,
      hint: 'committed write lost',
    });
    expect(nameVerdict(verdict)).toBe('committed write lost');
  });

  test('only in InnoDB does BEGIN alone commit what the other wrote and takes back', () => {
    const outcomes = [postgresql, innodb].map((dialect) =>
      explore({
        a: { name, operations: [begin, empty, rollback] },
        b: { name, operations: [begin] },
        mode: 'two requests',
        world,
        dialect,
      }),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['safe', 'witness']);
  });
});
