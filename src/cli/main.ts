#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// One run over many files runs most of its code a few times: V8's default is to optimize it all the same, on threads of
// their own, which took a quarter of a run's CPU time. What is hot for long is still optimized. Collecting young objects on
// several threads took a tenth, and no less time on the clock.
// V8 complains of flags that it does not know, so newer ones are left alone.
if (Number.parseInt(process.versions.node, 10) <= 24) {
  setFlagsFromString('--interrupt-budget=2000000');
  setFlagsFromString('--no-parallel-scavenge');
}
const { runCommand } = await import('./run-command.ts');

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
