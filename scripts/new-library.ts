/**
 * Begins the adapter of a client library: its file and test, entered in the registry.
 *
 *   npm run new:library -- some-client
 */
import path from 'node:path';
import { scaffoldLibrary } from './scaffold-library.ts';

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || rest.length > 0) {
  console.error('usage: npm run new:library -- some-client');
  process.exitCode = 2;
} else {
  for (const file of scaffoldLibrary(path.resolve(import.meta.dirname, '..'), name)) console.log(file);
  console.log('\nNext: read its documentation, and describe the calls with a test each.');
}
