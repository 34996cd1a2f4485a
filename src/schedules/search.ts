import type { Machine } from './machine.ts';
import { moveActor } from './run.ts';
import type { Connection, Entry, State, Tracked } from './state.ts';
import { isEnabled } from './step.ts';
import type { Value } from './values.ts';

/** An execution under way: how it was reached, and by whom last. */
export interface Node {
  readonly state: State;
  readonly parent: Node | undefined;
  readonly actor: number;
  /** Which of the possible states of that move this is. */
  readonly branch: number;
  readonly switches: number;
}

export interface SearchOptions {
  /** Most states that are looked at. */
  readonly states: number;
  /** Programs are equal: the first move is A's. */
  readonly symmetric: boolean;
  /** Recognize states that were reached before. */
  readonly hashing: boolean;
  /** Is told of every execution that has ended; true ends the search. */
  readonly visit: (node: Node) => boolean;
}

/**
 * Looks at all executions of two programs, those with fewest context switches first.
 *
 * @returns `found` when `visit` said so, `complete` when there is none left, `over budget` otherwise
 */
export function searchSchedules(machine: Machine, options: SearchOptions): 'found' | 'complete' | 'over budget' {
  const seen = new Set<string>();
  let current: Node[] = [{ state: machine.start, parent: undefined, actor: -1, branch: 0, switches: 0 }];
  let next: Node[] = [];
  let looked = 0;
  for (;;) {
    const node = current.pop();
    if (!node) {
      if (next.length === 0) return 'complete';
      // the order in which they were found: shorter executions first
      current = next.reverse();
      next = [];
      continue;
    }
    const { state } = node;
    if (options.hashing) {
      const key = `${node.actor}${hashState(machine, state)}`;
      if (seen.has(key)) continue;
      seen.add(key);
    }
    looked += 1;
    if (looked > options.states) return 'over budget';
    let moved = false;
    for (let index = 1; index >= 0; index -= 1) {
      if (!isEnabled(machine, state, index)) continue;
      moved = true;
      if (node.actor < 0 && index === 1 && options.symmetric) continue;
      const isSwitch = node.actor >= 0 && node.actor !== index;
      moveActor(machine, state, index).forEach((reached, branch) => {
        const child: Node = {
          state: reached,
          parent: node,
          actor: index,
          branch,
          switches: node.switches + (isSwitch ? 1 : 0),
        };
        (isSwitch ? next : current).push(child);
      });
    }
    if (!moved && options.visit(node)) return 'found';
  }
}

/** The moves that lead to a node, from the start. */
export function readPath(node: Node): readonly (readonly [actor: number, branch: number])[] {
  const path: (readonly [number, number])[] = [];
  for (let at: Node | undefined = node; at?.parent; at = at.parent) path.push([at.actor, at.branch]);
  return path.reverse();
}

/** A text that is equal for states from which the same can happen. */
function hashState(machine: Machine, state: State): string {
  let text = `${state.clock}`;
  for (const rows of state.tables) {
    text += '/';
    for (const row of rows) {
      // rows that nobody has touched are told by their number
      if (row.owner < 0 && row.versions.length === 1 && row.versions[0]?.at === 0) continue;
      text += `${row.id}`;
      for (const version of row.versions) text += `@${version.at}:${version.cells ? version.cells.join(',') : '-'}`;
      if (row.owner >= 0) text += `!${row.owner}:${row.pending ? row.pending.join(',') : '-'}`;
      text += ';';
    }
  }
  text += '#';
  for (const lock of state.locks) {
    if (lock.kind === 'row') text += `r${lock.table}.${lock.row}${lock.mode}${lock.owner};`;
    else if (lock.kind === 'gap') text += `g${lock.table}.${lock.column}${String(lock.value)}${lock.owner};`;
    else text += `n${String(lock.name)}${lock.owner}${lock.session ? 's' : 't'};`;
  }
  for (const connection of state.connections) text += hashConnection(connection);
  if (state.keys !== machine.start.keys)
    for (const [key, entry] of state.keys) text += `k${String(key)}${hashEntry(entry)}`;
  if (state.effects.length > 0) text += state.effects.join(';');
  for (const actor of state.actors) {
    text += `a${actor.next}${actor.status}${actor.slots.join(',')}`;
    if (actor.statement)
      text += `s${actor.statement.snapshot},${actor.statement.position},${actor.statement.taken.join(',')}`;
    if (actor.wait) text += `w${actor.wait.on}${actor.wait.kind}${actor.wait.gap ? 'g' : ''}`;
    if (actor.replies.length > 0) text += `r${actor.replies.join(',')}`;
    if (actor.errors.length > 0) text += `e${actor.errors.join(',')}`;
    text += `${actor.yielded ? 'y' : ''}${actor.excused ? 'x' : ''}${actor.began}`;
  }
  return text;
}

function hashConnection(connection: Connection): string {
  if (!connection.open && !connection.writing && connection.watched.length === 0) return 'c';
  let text = `c${connection.snapshot}${connection.failed ? 'f' : ''}${connection.writing ? 'w' : ''}${connection.committing ? 'c' : ''}`;
  if (connection.watched.length > 0) text += `${connection.watched.join(',')}${connection.watchBroken ? 'x' : ''}`;
  if (connection.level.tracksReads)
    text += `${hashTracked(connection.tracked)}[${connection.rivals.map(hashTracked).join('|')}]`;
  return text;
}

function hashTracked(tracked: Tracked): string {
  const reads = tracked.reads.map(
    (read) => `${read.table}:${read.where.length}:${read.slots.join(',')}:${read.rows?.join(',') ?? '*'}`,
  );
  const writes = tracked.writes.map((write) => `${write.table}.${write.row}=${String(write.after)}`);
  return `${reads.join(';')}>${writes.join(';')}`;
}

function hashEntry(entry: Entry): string {
  const lasts = entry.expires ? 'x' : '';
  const inner: readonly Value[] =
    entry.kind === 'text' ? [entry.value] : entry.kind === 'set' ? entry.members : [...entry.fields].flat();
  return `${entry.kind}${inner.map(String).join(',')}${lasts};`;
}
