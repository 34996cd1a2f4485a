/** What one process used. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
}

/**
 * A table of medians over rounds: CPU and peak memory, each as ratio to the floor of the same round.
 *
 * @param rounds usage by name, one record a round
 * @param floor the name that the others are compared with
 */
export function renderRatios(rounds: readonly Readonly<Record<string, Usage>>[], floor: string): string {
  const names = Object.keys(rounds[0] ?? {});
  const ratio = (name: string, pick: (usage: Usage) => number): string => {
    const ratios = rounds.flatMap((round) => {
      const [own, base] = [round[name], round[floor]];
      return own === undefined || base === undefined ? [] : [pick(own) / pick(base)];
    });
    return findMedian(ratios).toFixed(2);
  };
  const rows = names.map((name) => [
    name,
    ratio(name, (usage) => usage.cpuSeconds),
    ratio(name, (usage) => usage.peakMebibytes),
    findMedian(rounds.flatMap((round) => round[name]?.cpuSeconds ?? [])).toFixed(1),
    findMedian(rounds.flatMap((round) => round[name]?.peakMebibytes ?? [])).toFixed(0),
  ]);
  const table = [['run', 'CPU ratio', 'peak ratio', 'CPU s', 'peak MiB'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    )
    .join('\n');
}

export function findMedian(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
