/**
 * Begins a framework: its file and suite, entered in the registry.
 *
 *   npm run new:framework -- some-server
 */
import path from 'node:path';
import { scaffoldFramework } from './scaffold-framework.ts';

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || rest.length > 0) {
  console.error('usage: npm run new:framework -- some-server');
  process.exitCode = 2;
} else {
  for (const file of scaffoldFramework(path.resolve(import.meta.dirname, '..'), name)) console.log(file);
  console.log('\nNext: write the look-alikes of its calls into the suite, then what makes an application or a job.');
}
