import type { Value } from '../model/value.ts';
import type { Scope } from './scope.ts';

/**
 * Which variables a branch assigned, so that both branches of an `if` can start from the same values and be joined
 * afterwards. Variables declared inside the branch are not of interest: nobody sees them later.
 */
export class BranchLog {
  /** Absent until something is assigned: most branches assign nothing. */
  #before: Map<Scope, Map<string, Value | undefined>> | undefined;

  /** Remembers the value that a variable had when the branch began. */
  record(scope: Scope, name: string, old: Value | undefined): void {
    const before = (this.#before ??= new Map());
    let names = before.get(scope);
    if (names === undefined) before.set(scope, (names = new Map<string, Value | undefined>()));
    if (!names.has(name)) names.set(name, old);
  }

  /** Puts the old values back and returns what the branch had made of them. */
  undo(): BranchChanges {
    if (this.#before === undefined) return [];
    const changes: BranchChange[] = [];
    for (const [scope, names] of this.#before) {
      for (const [name, old] of names) {
        const now = scope.get(name);
        if (now !== undefined) changes.push({ scope, name, before: old, after: now });
        if (old !== undefined) scope.declare(name, old);
      }
    }
    return changes;
  }
}

export interface BranchChange {
  readonly scope: Scope;
  readonly name: string;
  readonly before: Value | undefined;
  readonly after: Value;
}

export type BranchChanges = readonly BranchChange[];
