import type { EngineName } from '../../../src/model/engine.ts';
import type { EffectAction } from '../../../src/model/effect.ts';
import type { Value } from '../../../src/model/value.ts';
import { readSqlEffects, type SqlEffects } from '../../../src/effects/sql/read-sql-effects.ts';

/** Parameters of the statements in these tests: `a` is the first one. */
export const [a, b, c] = ['a', 'b', 'c'].map((name): Value => ({ kind: 'input', name })) as [Value, Value, Value];

export function constant(value: string | number | boolean | null): Value {
  return { kind: 'constant', value };
}

export function table(name: string) {
  return { kind: 'table', store: 'database', name };
}

export function read(
  text: string,
  engine: EngineName = 'postgresql',
  values: readonly Value[] = [a, b, c],
): SqlEffects {
  return readSqlEffects({ text, values }, { dialect: engine, store: 'database' });
}

/** The actions of a text that is understood. */
export function actionsOf(text: string, engine?: EngineName, values?: readonly Value[]): readonly EffectAction[] {
  const effects = read(text, engine, values);
  if (effects.kind === 'unsupported') throw new Error(`${effects.reason}: ${effects.detail ?? ''}`);
  return effects.drafts.map((draft) => draft.action);
}

/** The only action of a text. */
export function actionOf(text: string, engine?: EngineName, values?: readonly Value[]): EffectAction {
  const [action, ...more] = actionsOf(text, engine, values);
  if (action === undefined || more.length > 0) throw new Error(`not one action: ${text}`);
  return action;
}
