import { describe, expect, it } from 'vitest';
import { limitValue } from '../../src/flow/limit-value.ts';
import { apply, choose } from '../../src/flow/values.ts';
import type { Value } from '../../src/model/value.ts';

const email: Value = { kind: 'input', name: 'email' };
const balance: Value = {
  kind: 'answer',
  effect: 'e1',
  shape: { kind: 'scalar', absent: 'null' },
  columns: ['balance'],
};

describe('limitValue', () => {
  it('keeps a small value as it is', () => {
    const value = apply('-', [balance, { kind: 'constant', value: 5 }]);
    expect(limitValue(value)).toBe(value);
  });

  it('keeps what a large value was computed from, each once', () => {
    const list: Value = {
      kind: 'array',
      elements: Array.from({ length: 100 }, () => [email, balance]).flat(),
      complete: true,
    };
    expect(limitValue(list)).toEqual({ kind: 'apply', operator: 'computed', operands: [email, balance] });
  });

  it('bounds what shared parts multiply', () => {
    let value: Value = apply('+', [balance, email]);
    for (let round = 0; round < 200; round += 1)
      value = choose(apply('>', [value, email]), apply('+', [value, value]), value);
    expect(JSON.stringify(value).length).toBeLessThan(100_000);
    expect(JSON.stringify(value)).toContain('balance');
  });
});
