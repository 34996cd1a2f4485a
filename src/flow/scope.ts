import type { Value } from '../model/value.ts';

/** Finds the value of a name that no local scope declares: module level, imports, globals. */
export interface OuterNames {
  readonly lookup: (name: string) => Value | undefined;
}

/** One lexical scope during an interpretation. Assignments inside branches go through a BranchLog, see there. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #outer: OuterNames;
  readonly #values = new Map<string, Value>();

  constructor(parent: Scope | undefined, outer: OuterNames) {
    this.#parent = parent;
    this.#outer = outer;
  }

  child(): Scope {
    return new Scope(this, this.#outer);
  }

  declare(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  lookup(name: string): Value | undefined {
    const owner = this.findOwner(name);
    return owner === undefined ? this.#outer.lookup(name) : owner.#values.get(name);
  }

  /** The scope that declares the name, if it is a local one. */
  findOwner(name: string): Scope | undefined {
    if (this.#values.has(name)) return this;
    return this.#parent?.findOwner(name);
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }
}
