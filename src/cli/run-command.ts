import { readFileSync } from 'node:fs';
import pc from 'picocolors';
import type { AuditResult } from '../reporters/audit-result.ts';
import type { Style } from '../reporters/style.ts';
import { audit } from './audit.ts';
import { AuditError } from './audit-error.ts';
import { type Arguments, parseArguments } from './parse-arguments.ts';
import { createProgress } from './show-progress.ts';

/** Columns of a report that does not go to a terminal. */
const defaultWidth = 100;

/** Where a run of the command talks to. */
export interface Terminal {
  readonly cwd: string;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * The command. Reports go to standard output and nothing else does; progress and complaints go to standard error.
 *
 * @param argv without the program's own name
 * @returns the exit code: 0 no races, 1 races, 2 it could not run
 */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const { stdout, stderr, cwd } = terminal;
  const parsed = parseArguments(argv, { out: (text) => stdout.write(text), err: (text) => stderr.write(text) });
  if ('exitCode' in parsed) return parsed.exitCode;
  try {
    if (parsed.trace !== undefined) {
      const { printTraces } = await import('./print-traces.ts');
      stdout.write(await printTraces(parsed.trace, cwd));
      return 0;
    }
    const { trace: _, format, ...options } = parsed;
    // ESLint's format has no place for an edit of another file
    const schemaEdits = format === 'text';
    const result = await audit({ ...options, cwd, schemaEdits, onProgress: createProgress(stderr, cwd) });
    stdout.write(await render(result, format, terminal));
    return result.files.some((file) => file.findings.length > 0) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    stderr.write(`race-lint: ${error.message}\n`);
    return 2;
  }
}

async function render(result: AuditResult, format: Arguments['format'], terminal: Terminal): Promise<string> {
  if (format === 'json') {
    const { toLintResults } = await import('../reporters/to-lint-results.ts');
    return `${JSON.stringify(toLintResults(result, readText))}\n`;
  }
  const { renderReport } = await import('../reporters/render-report.ts');
  const { stdout, cwd } = terminal;
  const style: Style = {
    colors: pc.createColors(stdout.isTTY && pc.isColorSupported),
    width: Math.max(40, stdout.isTTY ? stdout.columns : defaultWidth),
    cwd,
  };
  return renderReport(result, style, readText);
}

/** The text that offsets of findings refer to: without byte order mark. */
function readText(path: string): string {
  return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
}
