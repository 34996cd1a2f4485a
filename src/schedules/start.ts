import type { Operation, Program, World } from '../model/program.ts';
import type { Dialect } from './dialects/dialect.ts';
import { findLevel, layOut, lowerWorldTerm, type Layout } from './layout.ts';
import { lowerProgram } from './lower-program.ts';
import type { Machine } from './machine.ts';
import type { Plan } from './plan.ts';
import type { ActorState, Entry, Row, State } from './state.ts';
import { makeConnection } from './transactions.ts';
import { makeSymbol, type Value } from './values.ts';

/** What runs: programs and the world they start in. */
export interface Setup {
  readonly programs: readonly [Program, Program];
  readonly world: World;
  readonly dialect: Dialect;
  /** Statements that read and write may overlap; false where only whole statements interleave. */
  readonly overlap: boolean;
  /** Run what only one actor touches together with the step before it. */
  readonly glue: boolean;
  /** Keep all that reads found, not only what the program uses: a reader's observations. */
  readonly bindAll?: readonly [boolean, boolean];
}

/** Relations, keys, locks and connections that a program touches, as texts. */
function listTouched(program: Program): ReadonlySet<string> {
  const touched = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    for (const [name, value] of Object.entries(node)) {
      if ((name === 'relation' || name === 'connection') && typeof value === 'string') touched.add(`${name} ${value}`);
      else if (name === 'key') touched.add(`key ${JSON.stringify(value)}`);
      else if (name === 'keys' && Array.isArray(value))
        for (const key of value) touched.add(`key ${JSON.stringify(key)}`);
      else if (name === 'entries' && Array.isArray(value)) {
        for (const entry of value) if (Array.isArray(entry)) touched.add(`key ${JSON.stringify(entry[0])}`);
      } else visit(value);
    }
  };
  visit(program.operations);
  return touched;
}

/** Foreign keys tie relations together: what touches one touches the other. */
function listRelated(world: World): ReadonlyMap<string, readonly string[]> {
  const related = new Map<string, string[]>();
  const tie = (a: string, b: string) => related.set(a, [...(related.get(a) ?? []), b]);
  for (const relation of world.relations) {
    for (const key of relation.foreignKeys) {
      tie(relation.name, key.references);
      tie(key.references, relation.name);
    }
  }
  return related;
}

function makeIsShared(other: Program, world: World, glue: boolean): (operation: Operation) => boolean {
  if (!glue) return () => true;
  const touched = listTouched(other);
  const related = listRelated(world);
  const hasComputedKey = [...touched].some((name) => name.startsWith('key ') && name.includes('"variable"'));
  return (operation) => {
    for (const name of listTouched({ name: '', operations: [operation] })) {
      if (touched.has(name)) return true;
      if (name.startsWith('key ') && (hasComputedKey || name.includes('"variable"'))) return true;
      const relation = name.startsWith('relation ') ? name.slice('relation '.length) : undefined;
      if (relation !== undefined && related.get(relation)?.some((tied) => touched.has(`relation ${tied}`))) return true;
    }
    return false;
  };
}

/** Makes a question ready to run. */
export function makeMachine(setup: Setup): Machine {
  const layout = layOut(setup.world, setup.programs);
  const [a, b] = setup.programs;
  const lower = (program: Program, actor: 'A' | 'B', other: Program, bindAll: boolean): Plan =>
    lowerProgram(program, actor, layout, setup.dialect, {
      overlap: setup.overlap,
      isShared: makeIsShared(other, setup.world, setup.glue),
      bindAll,
    });
  return {
    dialect: setup.dialect,
    autocommit: findLevel(setup.dialect, 'autocommit'),
    plans: [lower(a, 'A', b, setup.bindAll?.[0] ?? false), lower(b, 'B', a, setup.bindAll?.[1] ?? false)],
    tables: layout.tables,
    start: makeStart(layout, setup),
    assumed: new Map(),
    valuation: 'assume',
    undecided: false,
    telling: false,
  };
}

function makeActor(): ActorState {
  return {
    next: 0,
    status: 'running',
    slots: [],
    statement: undefined,
    wait: undefined,
    replies: [],
    errors: [],
    failure: undefined,
    yielded: false,
    excused: false,
    began: -1,
  };
}

function makeStart(layout: Layout, setup: Setup): State {
  const autocommit = findLevel(setup.dialect, 'autocommit');
  const keys = new Map<Value, Entry>();
  for (const { key, value, expires } of setup.world.keys)
    keys.set(lowerWorldTerm(key), { kind: 'text', value: lowerWorldTerm(value), expires });
  return {
    clock: 0,
    tables: layout.relations.map((relation, tableIndex) =>
      relation.rows.map((row, id): Row => {
        const table = layout.tables[tableIndex];
        const cells = (table?.columns ?? []).map((column): Value => {
          const term = row[column];
          return term
            ? lowerWorldTerm(term)
            : makeSymbol(`old ${relation.name}.${column}${relation.rows.length > 1 ? `#${id + 1}` : ''}`);
        });
        return { id, versions: [{ at: 0, cells }], owner: -1, pending: null, initial: cells };
      }),
    ),
    locks: [],
    connections: Array.from({ length: 2 + layout.connections.length }, () => makeConnection(autocommit)),
    keys,
    effects: [],
    actors: [makeActor(), makeActor()],
    told: undefined,
  };
}
