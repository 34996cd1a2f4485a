/**
 * Begins a rule: its file, page and test, entered in the plugin.
 *
 *   npm run new:rule -- no-something
 */
import path from 'node:path';
import { scaffoldRule } from './scaffold-rule.ts';

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || rest.length > 0) {
  console.error('usage: npm run new:rule -- no-something');
  process.exitCode = 2;
} else {
  for (const file of scaffoldRule(path.resolve(import.meta.dirname, '..'), name)) console.log(file);
  console.log('\nNext: write the two examples of its page, teach src/findings the finding, then npm run update.');
}
