import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** One entry of a schedule: the actor that makes its next call, or `crash`, which ends actor `A` on the spot. */
export type ScheduleStep = string;

/** One client call of an actor, as it was made. */
interface GatedCall {
  readonly actor: string;
  /** What was called: the statement's text, the command and its key. */
  readonly label: string;
  /** True when it had to wait for a lock of another actor. */
  readonly waited: boolean;
  readonly outcome: 'answered' | 'failed' | 'never answered';
}

/** How one actor ended. */
type ActorEnd =
  | { readonly status: 'fulfilled'; readonly value: unknown }
  | { readonly status: 'rejected'; readonly reason: unknown }
  | { readonly status: 'crashed' };

/** What a schedule did. */
export interface ScheduleRun {
  readonly actors: Readonly<Record<string, ActorEnd>>;
  /** Every gated call, in the order in which they were sent. */
  readonly calls: readonly GatedCall[];
  /**
   * The part of the schedule that could not be followed as written, one line an entry: the actor had already ended, or
   * it waited for something. Empty when every entry was one call at its place.
   */
  readonly deviations: readonly string[];
}

/** What a gated client hands over for each call. */
interface GateRequest<T> {
  readonly label: string;
  readonly execute: () => Promise<T>;
  /** Asks the engine whether the call waits for a lock. Without it no answer for `patience` counts as waiting. */
  readonly isBlocked?: () => Promise<boolean>;
}

/** Holds back the client calls of several actors, so that they are sent in exactly one order. */
export interface Gate {
  /** Passes a call through; an actor's call waits for its turn. Calls outside of a run go through at once. */
  readonly pass: <T>(request: GateRequest<T>) => Promise<T>;
  /** Calls back when the current actor crashes, so that its connections can be cut. */
  readonly onCrash: (cut: () => void) => void;
  readonly run: (options: RunOptions) => Promise<ScheduleRun>;
}

export interface RunOptions {
  /** Who makes the next call. When it is used up, calls go through as they come. */
  readonly steps: readonly ScheduleStep[];
  /** What each actor does. */
  readonly actors: Readonly<Record<string, () => Promise<unknown>>>;
  /** How long an actor may do other things than calls, in milliseconds, before its turn is put off. Default 3000: machines are slow. */
  readonly patience?: number;
  /** After so many milliseconds the run is given up. Default 60 000. */
  readonly deadline?: number;
}

interface PendingCall {
  readonly label: string;
  readonly start: () => Promise<void>;
  readonly isBlocked: (() => Promise<boolean>) | undefined;
  waited: boolean;
  outcome: GatedCall['outcome'];
  settled: Promise<void> | undefined;
}

interface ActorState {
  readonly name: string;
  readonly queue: PendingCall[];
  /** Sent and not yet answered, because they wait for a lock. */
  readonly waiting: Set<PendingCall>;
  readonly cuts: (() => void)[];
  /** Entries of the schedule that came up while the actor waited. */
  owed: number;
  end: ActorEnd | undefined;
}

const pollInterval = 5;

/**
 * Makes a gate. Which actor makes a call is known by Node's asynchronous context, so module-level clients shared by all
 * actors (a pool) work as in production.
 */
export function createGate(): Gate {
  const context = new AsyncLocalStorage<ActorState>();

  async function pass<T>(request: GateRequest<T>): Promise<T> {
    const actor = context.getStore();
    if (!actor || actor.end) return request.execute();
    return new Promise<T>((resolve, reject) => {
      const call: PendingCall = {
        label: request.label,
        isBlocked: request.isBlocked,
        waited: false,
        outcome: 'never answered',
        settled: undefined,
        start: async () => {
          try {
            const value = await request.execute();
            call.outcome = 'answered';
            if (actor.end?.status !== 'crashed') resolve(value);
          } catch (error) {
            call.outcome = 'failed';
            if (actor.end?.status !== 'crashed') reject(error as Error);
          }
        },
      };
      actor.queue.push(call);
    });
  }

  function onCrash(cut: () => void): void {
    context.getStore()?.cuts.push(cut);
  }

  async function run(options: RunOptions): Promise<ScheduleRun> {
    const schedule = new Schedule(options);
    for (const actor of schedule.actors.values()) {
      const body = options.actors[actor.name];
      if (body) void context.run(actor, () => follow(actor, body));
    }
    await schedule.play(options.steps);
    return schedule.report();
  }

  return { pass, onCrash, run };
}

async function follow(actor: ActorState, body: () => Promise<unknown>): Promise<void> {
  try {
    const value = await body();
    actor.end ??= { status: 'fulfilled', value };
  } catch (reason) {
    actor.end ??= { status: 'rejected', reason };
  }
}

/** The conductor of one run. */
class Schedule {
  readonly actors: ReadonlyMap<string, ActorState>;
  readonly #sent: { readonly actor: string; readonly call: PendingCall }[] = [];
  readonly #deviations: string[] = [];
  readonly #patience: number;
  readonly #giveUpAt: number;

  constructor(options: RunOptions) {
    const make = (name: string): ActorState => ({
      name,
      queue: [],
      waiting: new Set(),
      cuts: [],
      owed: 0,
      end: undefined,
    });
    this.actors = new Map(Object.keys(options.actors).map((name) => [name, make(name)]));
    this.#patience = options.patience ?? 3_000;
    this.#giveUpAt = Date.now() + (options.deadline ?? 60_000);
  }

  async play(steps: readonly ScheduleStep[]): Promise<void> {
    for (const [index, step] of steps.entries()) {
      if (step === 'crash') {
        this.#crash('A');
        continue;
      }
      const actor = this.actors.get(step);
      if (!actor) throw new Error(`the schedule names an actor that is not there: ${step}`);
      await this.#takeTurn(actor, `entry ${String(index + 1)} (${step})`);
      await this.#payDebts();
    }
    await this.#drain();
  }

  report(): ScheduleRun {
    const ends = [...this.actors.values()].map(({ name, end }) => [name, end ?? ({ status: 'crashed' } as const)]);
    return {
      actors: Object.fromEntries(ends) as Record<string, ActorEnd>,
      calls: this.#sent.map(({ actor, call: { label, waited, outcome } }) => ({ actor, label, waited, outcome })),
      deviations: this.#deviations,
    };
  }

  /** One call of that actor, or a note why there is none. */
  async #takeTurn(actor: ActorState, entry: string): Promise<void> {
    const until = Date.now() + this.#patience;
    while (actor.queue.length === 0) {
      this.#checkDeadline();
      if (actor.end) {
        this.#deviations.push(`${entry}: has ended`);
        return;
      }
      if (actor.waiting.size > 0 || Date.now() > until) {
        // Its next calls come when it is free, as the engine would order them.
        this.#deviations.push(`${entry}: waits`);
        actor.owed += 1;
        return;
      }
      await sleep(pollInterval);
    }
    await this.#send(actor);
  }

  async #send(actor: ActorState): Promise<void> {
    const call = actor.queue.shift();
    if (!call) return;
    this.#sent.push({ actor: actor.name, call });
    let isSettled = false;
    call.settled = call.start().then(() => {
      isSettled = true;
      actor.waiting.delete(call);
    });
    const until = Date.now() + this.#patience;
    for (;;) {
      await Promise.race([call.settled, sleep(pollInterval)]);
      if (isSettled) return;
      this.#checkDeadline();
      const isBlocked = call.isBlocked ? await call.isBlocked() : Date.now() > until;
      if (isBlocked && !isSettled) break;
    }
    call.waited = true;
    actor.waiting.add(call);
  }

  /** Entries that came up while an actor waited are due as soon as it is free. */
  async #payDebts(): Promise<void> {
    await this.#watchWaiting();
    for (const actor of this.actors.values()) {
      while (actor.owed > 0 && actor.waiting.size === 0) {
        if (!(await this.#hasCall(actor))) break;
        actor.owed -= 1;
        await this.#send(actor);
        await this.#watchWaiting();
      }
      if (actor.end) actor.owed = 0;
    }
  }

  /** After a lock was released its waiter answers a little later: wait for it, so that runs are repeatable. */
  async #watchWaiting(): Promise<void> {
    for (const actor of this.actors.values()) {
      for (const call of actor.waiting) {
        const until = Date.now() + this.#patience;
        while (actor.waiting.has(call)) {
          await Promise.race([call.settled, sleep(pollInterval)]);
          if (!actor.waiting.has(call)) break;
          if (call.isBlocked ? await call.isBlocked() : Date.now() > until) break;
          this.#checkDeadline();
        }
      }
    }
  }

  /** Does the actor make a call before it ends or its patience is over? */
  async #hasCall(actor: ActorState): Promise<boolean> {
    const until = Date.now() + this.#patience;
    while (actor.queue.length === 0 && !actor.end && Date.now() < until) await sleep(pollInterval);
    return actor.queue.length > 0;
  }

  /** The rest, as it comes. */
  async #drain(): Promise<void> {
    const actors = [...this.actors.values()];
    while (actors.some((actor) => !actor.end)) {
      this.#checkDeadline();
      const ready = actors.find((actor) => actor.queue.length > 0);
      await (ready ? this.#send(ready) : sleep(pollInterval));
    }
    await Promise.all(
      this.#sent.flatMap(({ actor, call }) =>
        this.actors.get(actor)?.end?.status === 'crashed' ? [] : [call.settled],
      ),
    );
  }

  #crash(name: string): void {
    const actor = this.actors.get(name);
    if (!actor || actor.end) return;
    actor.end = { status: 'crashed' };
    actor.queue.length = 0;
    actor.waiting.clear();
    for (const cut of actor.cuts) cut();
  }

  #checkDeadline(): void {
    if (Date.now() <= this.#giveUpAt) return;
    const made = this.#sent.map(({ actor, call }) => `${actor}: ${call.label} (${call.outcome})`);
    throw new Error(['the schedule did not end in time; calls made:', ...made].join('\n  '));
  }
}
