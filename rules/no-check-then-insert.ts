import { createRule, optionsSchema } from '../src/eslint/create-rule.ts';
import { reportFindings } from '../src/eslint/report-findings.ts';

const messages = {
  duplicateRow: '{{message}}',
  duplicateNumber: '{{message}}',
  limitExceeded: '{{message}}',
  doubleEffect: '{{message}}',
  rewrite: '{{title}}',
} as const;

/**
 * Reports an insert that a look-up on the same table decided: two concurrent runs both look, both find nothing, both
 * insert. Also numbers made from max + 1, and limits checked by a count.
 *
 * Silent when a unique key stands behind the look-up, when the insert is an upsert over such a key, inside a
 * transaction (`no-weak-isolation` looks there), and under a lock that both runs take.
 */
export default createRule({
  name: 'no-check-then-insert',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow inserting a row because a look-up did not find it, where two runs can both find nothing',
      preset: 'recommended',
    },
    hasSuggestions: true,
    schema: optionsSchema,
    defaultOptions: [{ confidence: 'proven' }],
    messages,
  },
  create: (context) => reportFindings(context, 'no-check-then-insert', messages),
});
