import type { Assignment, Condition, Effect, EffectBase, ReadAction, RelatedRows, Selector } from '../model/effect.ts';
import { mapAnswers } from '../model/map-answers.ts';
import type { RelationFacts } from '../model/schema-facts.ts';
import type { Step, Trace } from '../model/trace.ts';
import type { AnswerValue, Value } from '../model/value.ts';

/** A read of rows that came inside the rows of another read. */
interface Part {
  readonly parent: string;
  readonly related: RelatedRows;
  readonly relation: RelationFacts;
  readonly step: Step;
  /** Columns of the parent's row that its selector fixes. */
  readonly fixed: ReadonlyMap<string, Value>;
}

/**
 * The trace with a read of its own for all rows that came with other rows, where the schema tells by which columns they
 * belong together: `order.items.length` is the number of `Item` rows with `orderId = order.id`. What is said of them in
 * conditions and values is said of that read.
 *
 * @param findRelation what a client means by a relation of a table
 */
export function splitRelatedReads(
  trace: Trace,
  findRelation: (table: string, name: string) => RelationFacts | undefined,
): Trace {
  const parts = trace.steps.flatMap((step) => listParts(step, findRelation));
  if (trace.steps.every(({ effect }) => effect.kind !== 'read' || effect.related === undefined)) return trace;
  const replace = (answer: AnswerValue): Value => replaceAnswer(answer, parts);
  const known = new Map<Value, Value>();
  const map = (value: Value): Value => mapAnswers(value, replace, known);
  const steps = trace.steps.flatMap((step): readonly Step[] => [
    withoutRelated(mapStep(step, map)),
    ...parts.filter(({ parent }) => parent === step.effect.id).map((part) => mapStep(part.step, map)),
  ]);
  return { ...trace, steps };
}

/** What came inside its rows is not what a read itself looks for. */
function withoutRelated(step: Step): Step {
  if (step.effect.kind !== 'read' || step.effect.related === undefined) return step;
  const { joined: _, ...effect } = step.effect;
  return { ...step, effect };
}

function listParts(
  step: Step,
  findRelation: (table: string, name: string) => RelationFacts | undefined,
): readonly Part[] {
  const { effect } = step;
  if (effect.kind !== 'read' || effect.related === undefined || effect.resource.kind !== 'table') return [];
  const { name: table } = effect.resource;
  const fixed = new Map(
    effect.selector.conditions.flatMap((condition) =>
      condition.kind === 'compare' && condition.operator === '=' ? [[condition.column, condition.value] as const] : [],
    ),
  );
  return effect.related.flatMap((related): readonly Part[] => {
    const relation = findRelation(table, related.relation);
    if (relation === undefined || relation.on.length === 0) return [];
    const part = { ...step, effect: readPart(effect, related, relation, fixed) };
    return [{ parent: effect.id, related, relation, step: part, fixed }];
  });
}

function readPart(
  parent: EffectBase & ReadAction,
  related: RelatedRows,
  relation: RelationFacts,
  fixed: ReadonlyMap<string, Value>,
): EffectBase & ReadAction {
  const links = relation.on.map(({ other, own }): Condition => {
    const value: Value = fixed.get(own) ?? {
      kind: 'answer',
      effect: parent.id,
      shape: { kind: 'scalar', absent: 'null' },
      columns: [own],
    };
    return { kind: 'compare', column: other, operator: '=', value };
  });
  return {
    kind: 'read',
    id: `${parent.id}/${related.path.join('.')}`,
    location: parent.location,
    client: parent.client,
    label: `${parent.label} ${related.path.join('.')}`,
    answer: related.counts ? { kind: 'count' } : relation.isList ? { kind: 'rows' } : { kind: 'row', absent: 'null' },
    resource: { kind: 'table', store: parent.resource.store, name: relation.table },
    selector: { ...related.selector, conditions: [...links, ...related.selector.conditions] },
    mode: 'plain',
    within: { effect: parent.id, isOwned: relation.isOwned },
    ...(related.counts && { aggregate: { kind: 'count' } }),
  };
}

function replaceAnswer(answer: AnswerValue, parts: readonly Part[]): Value {
  const own = parts.filter(({ parent }) => parent === answer.effect);
  const [first] = answer.columns;
  if (own.length === 0 || first === undefined) return answer;
  const part = own.find(({ related }) => related.path.every((name, index) => answer.columns[index] === name));
  if (part === undefined) return (answer.columns.length === 1 ? own[0]?.fixed.get(first) : undefined) ?? answer;
  const { relation, related, step } = part;
  const rest = answer.columns.slice(related.path.length);
  const base = { kind: 'answer', effect: step.effect.id, columns: [] } as const;
  const [next, ...columns] = rest;
  if (related.counts) return rest.length === 0 ? { ...base, shape: { kind: 'count' } } : answer;
  if (!relation.isList)
    return next === undefined
      ? { ...base, shape: { kind: 'row', absent: 'null' } }
      : { ...base, shape: answer.shape, columns: rest };
  if (next === undefined) return { ...base, shape: { kind: 'rows' } };
  if (next === 'length') return columns.length === 0 ? { ...base, shape: { kind: 'count' } } : answer;
  if (!/^\d+$/.test(next)) return answer;
  return columns.length === 0
    ? { ...base, shape: { kind: 'row', absent: 'undefined' } }
    : { ...base, shape: answer.shape, columns };
}

function mapStep(step: Step, map: (value: Value) => Value): Step {
  const guards = step.guards.map((guard) => ({ ...guard, condition: map(guard.condition) }));
  return { ...step, guards, effect: mapEffect(step.effect, map) };
}

function mapEffect(effect: Effect, map: (value: Value) => Value): Effect {
  switch (effect.kind) {
    case 'read':
    case 'delete':
      return { ...effect, selector: mapSelector(effect.selector, map) };
    case 'update':
      return {
        ...effect,
        selector: mapSelector(effect.selector, map),
        assignments: mapAssignments(effect.assignments, map),
      };
    case 'insert':
      return { ...effect, values: mapAssignments(effect.values, map) };
    default:
      return effect;
  }
}

function mapAssignments(assignments: readonly Assignment[], map: (value: Value) => Value): readonly Assignment[] {
  return assignments.map(({ column, value }) => ({ column, value: map(value) }));
}

function mapSelector(selector: Selector, map: (value: Value) => Value): Selector {
  return { ...selector, conditions: selector.conditions.map((condition) => mapCondition(condition, map)) };
}

function mapCondition(condition: Condition, map: (value: Value) => Value): Condition {
  switch (condition.kind) {
    case 'compare':
      return { ...condition, value: map(condition.value) };
    case 'any':
      return {
        ...condition,
        branches: condition.branches.map((branch) => branch.map((part) => mapCondition(part, map))),
      };
    case 'not':
      return { ...condition, conditions: condition.conditions.map((part) => mapCondition(part, map)) };
    case 'opaque':
      return { ...condition, values: condition.values.map(map) };
    case 'elsewhere':
      return condition;
  }
}
