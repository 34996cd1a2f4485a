import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFunction, makeSymbol, makeText, renderValue } from '../../src/schedules/values.ts';

describe('values in the words of a timeline', () => {
  test('a sum', () => {
    expect(renderValue(applyFunction('-', [makeSymbol('stock'), makeSymbol('qty')]))).toBe('stock - qty');
  });

  test('a function of a sum of a symbol whose text was cut inside its brackets', () => {
    const sum = applyFunction('+', [makeSymbol('read({ version: lit…k3x'), 1]);
    const value = applyFunction('merge', [makeText('{}'), sum, makeSymbol('error() ? a(b…z9')]);
    expect(renderValue(value)).toContain('read({ version: lit…k3x');
  });

  test('whatever is in the names', () => {
    const name = fc.string({ unit: fc.constantFrom('(', ')', '[', ']', '{', ',', '"', '~', 'Σ', "'", 'a', '@') });
    fc.assert(
      fc.property(name, name, fc.integer(), (first, second, number) => {
        const sum = applyFunction('+', [applyFunction('+', [makeSymbol(first), makeSymbol(second)]), number]);
        expect(typeof renderValue(applyFunction('f', [makeText(first), sum, makeSymbol(second)]))).toBe('string');
      }),
    );
  });
});
