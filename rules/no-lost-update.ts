import { createRule, optionsSchema } from '../src/eslint/create-rule.ts';
import { reportFindings } from '../src/eslint/report-findings.ts';

const messages = {
  lostUpdate: '{{message}}',
  doubleClaim: '{{message}}',
  oversold: '{{message}}',
  writeSkew: '{{message}}',
  committedWriteLost: '{{message}}',
  doubleEffect: '{{message}}',
  rewrite: '{{title}}',
} as const;

/**
 * Reports an update whose value, or whose right to happen, comes from an earlier read of the same row, document or
 * cache key: of two concurrent runs one overwrites what the other one wrote, or both claim what only one may have.
 *
 * Silent when the statement itself does the arithmetic or repeats the check in its WHERE, when a version column is
 * compared and the count of affected rows is looked at, and under a lock held until the write.
 */
export default createRule({
  name: 'no-lost-update',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow writing back a value that was computed from an earlier read of the same row or key',
      preset: 'recommended',
    },
    hasSuggestions: true,
    schema: optionsSchema,
    defaultOptions: [{ confidence: 'proven' }],
    messages,
  },
  create: (context) => reportFindings(context, 'no-lost-update', messages),
});
