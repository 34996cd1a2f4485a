import { expect, it } from 'vitest';
import { findMedian, renderRatios } from '../../scripts/bench/render-ratios.ts';

it('compares each run with the floor of its own round', () => {
  const rounds = [
    { floor: { cpuSeconds: 10, peakMebibytes: 400 }, command: { cpuSeconds: 3, peakMebibytes: 200 } },
    // A busy machine: both are slow, the ratio stays.
    { floor: { cpuSeconds: 20, peakMebibytes: 400 }, command: { cpuSeconds: 6, peakMebibytes: 200 } },
    { floor: { cpuSeconds: 10, peakMebibytes: 400 }, command: { cpuSeconds: 4, peakMebibytes: 220 } },
  ];
  expect(renderRatios(rounds, 'floor')).toMatchInlineSnapshot(`
    "run      CPU ratio  peak ratio  CPU s  peak MiB
    floor         1.00        1.00   10.0       400
    command       0.30        0.50    4.0       200"
  `);
});

it('finds the median of an even number of rounds', () => {
  expect(findMedian([4, 1, 3, 2])).toBe(2.5);
});
