#!/usr/bin/env node
import { runCommand } from './run-command.ts';

// A reader that has seen enough (`race-lint | head`) closes the pipe: that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

try {
  const { stdout, stderr } = process;
  process.exitCode = await runCommand(process.argv.slice(2), { cwd: process.cwd(), stdout, stderr });
} catch (error) {
  process.stderr.write(
    `race-lint: defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 2;
}
