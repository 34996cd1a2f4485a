import { createRule, optionsSchema } from '../src/eslint/create-rule.ts';
import { reportFindings } from '../src/eslint/report-findings.ts';

const messages = {
  unhandledConflict: '{{message}}',
  rewrite: '{{title}}',
} as const;

/**
 * Reports an insert that a look-up decided, under a unique key: the data stay right, but the run that loses the race ends
 * with an unexplained error, though the code has an answer for "already exists".
 *
 * Silent when the violation is caught and turned into that answer, and on upserts over the key.
 */
export default createRule({
  name: 'require-conflict-handling',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require that the unique violation of a racing insert becomes an answer of its own',
      preset: 'recommended',
    },
    hasSuggestions: true,
    schema: optionsSchema,
    defaultOptions: [{ confidence: 'proven' }],
    messages,
  },
  create: (context) => reportFindings(context, 'require-conflict-handling', messages),
});
