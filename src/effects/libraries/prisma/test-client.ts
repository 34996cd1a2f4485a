import type { Value } from '../../../model/value.ts';

/**
 * Can a client begin a transaction? `'$transaction' in client`, `typeof client.$transaction === 'function'`: those of a
 * transaction can't. Where the declared type allows both, the client counts as one that can: what comes next then begins
 * a transaction, and the other way already is in one.
 */
export function testPrismaClient(condition: Value): boolean | undefined {
  if (condition.kind !== 'apply') return undefined;
  const { operator } = condition;
  const [left, right] = condition.operands;
  if (operator === 'in')
    return left?.kind === 'constant' && left.value === '$transaction' ? canBegin(right, 0) : undefined;
  const [member] = left?.kind === 'apply' && left.operator === 'typeof' ? left.operands : [];
  if (right?.kind !== 'constant' || right.value !== 'function') return undefined;
  const answer = canBegin(member, 1);
  if (answer === undefined) return undefined;
  if (operator === '===' || operator === '==') return answer;
  return operator === '!==' || operator === '!=' ? !answer : undefined;
}

function canBegin(client: Value | undefined, members: 0 | 1): boolean | undefined {
  if (client?.kind !== 'chain' || client.root.kind !== 'client' || client.root.client.library !== 'prisma')
    return undefined;
  const [member] = client.steps;
  if (client.steps.length !== members) return undefined;
  if (member !== undefined && (member.name !== '$transaction' || member.args !== undefined)) return undefined;
  return client.root.client.role === 'root';
}
