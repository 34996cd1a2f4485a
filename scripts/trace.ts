/**
 * Prints what the functions of a file do, from the sources (no build is needed).
 *
 *   npm run trace -- src/book.ts[:bookSeat]
 */
import { runCommand } from '../src/cli/run-command.ts';

const [target, ...rest] = process.argv.slice(2);
if (target === undefined || rest.length > 0) {
  console.error('usage: npm run trace -- FILE[:FUNCTION]');
  process.exitCode = 2;
} else {
  const { stdout, stderr } = process;
  process.exitCode = await runCommand(['--trace', target], {
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    stdout,
    stderr,
  });
}
