import { expect, it } from 'vitest';
import type { AuditResult } from '../../src/reporters/audit-result.ts';
import { toLintResults } from '../../src/reporters/to-lint-results.ts';
import { sampleSeatFinding, seatSource } from '../support/sample-finding.ts';

const path = '/shop/src/seats.ts';
const counts = { functions: 1, roots: 1, effects: 2 };
const audited = { path, findings: [], suppressed: [], bailouts: [], counts };

function resultOf(file: Partial<AuditResult['files'][number]>): AuditResult {
  return { cwd: '/shop', projects: [], files: [{ ...audited, ...file }], skipped: {}, bailouts: [] };
}

it("is ESLint's own format: 1-based columns, rule with prefix, one merged fix a suggestion", () => {
  const [result] = toLintResults(resultOf({ findings: [sampleSeatFinding(path)] }), () => seatSource);
  expect(result).toMatchObject({ filePath: path, errorCount: 1, warningCount: 0, suppressedMessages: [] });
  const [message] = result!.messages;
  expect(message).toMatchObject({ ruleId: 'race-lint/no-lost-update', severity: 2, line: 4, column: 9, endLine: 4 });
  const { fix, desc } = message!.suggestions![0]!;
  expect(desc).toBe('Use one conditional UPDATE (free must be numeric)');
  expect(seatSource.slice(0, fix.range[0]) + fix.text + seatSource.slice(fix.range[1])).toBe(
    seatSource
      .replace('db.seat.update(', 'db.seat.updateMany(')
      .replace('free: seat.free - 1 } })', 'free: seat.free - 1 /* … */ } })'),
  );
});

it('lists what a comment switched off beside the messages', () => {
  const suppressed = [{ finding: sampleSeatFinding(path), justification: 'one worker' }];
  const [result] = toLintResults(resultOf({ suppressed }), () => seatSource);
  expect(result).toMatchObject({
    messages: [],
    errorCount: 0,
    suppressedMessages: [{ suppressions: [{ kind: 'directive', justification: 'one worker' }] }],
  });
});

it('shows an unreadable file as a fatal message, and not the trouble of a file that it imports', () => {
  const location = { ...sampleSeatFinding(path).location };
  const [result] = toLintResults(
    resultOf({
      bailouts: [
        { kind: 'input', reason: 'syntax error', detail: 'Expected `}`', location },
        { kind: 'input', reason: 'syntax error', location: { ...location, file: '/shop/src/helper.ts' } },
      ],
    }),
    () => seatSource,
  );
  expect(result!.messages).toEqual([
    { ruleId: null, fatal: true, severity: 2, message: 'syntax error: Expected `}`', line: 4, column: 9 },
  ]);
  expect(result).toMatchObject({ fatalErrorCount: 1, errorCount: 1 });
});
