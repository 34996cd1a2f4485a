import { Command, CommanderError, Option } from 'commander';
import { version } from '../version.ts';
import { presetNames, type PresetName } from './select-findings.ts';

/** What the command line asks for. */
export interface Arguments {
  readonly paths: readonly string[];
  readonly format: 'text' | 'json';
  readonly rules: readonly string[];
  readonly preset: PresetName;
  readonly ignore: readonly string[];
  readonly all: boolean;
  /** `FILE` or `FILE:FUNCTION`. */
  readonly trace?: string;
}

/** The command is over before it began: `--help`, `--version` (code 0) or a bad option (code 2). */
export interface Answered {
  readonly exitCode: 0 | 2;
}

interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const examples = `
Examples:
  race-lint                                 look at the current folder
  race-lint apps/api --preset strict        findings that rest on a stated assumption too
  race-lint --format json > races.json      ESLint's result format
  race-lint --trace src/book.ts:bookSeat    what one run of a function does

Exit codes: 0 no races, 1 races, 2 race-lint could not run.`;

/**
 * Reads the command line; help, version and complaints are written to `output`.
 *
 * @param argv without the program's own name
 */
export function parseArguments(argv: readonly string[], output: Output): Arguments | Answered {
  const collect = (value: string, list: string[]): string[] => [...list, value];
  const command = new Command('race-lint')
    .description('Finds races that corrupt data in TypeScript backends, each with the schedule that proves it.')
    .argument('[paths...]', 'files and folders (default: the current folder)')
    .addOption(
      new Option('--format <format>', 'report for people, or as JSON').choices(['text', 'json']).default('text'),
    )
    .addOption(new Option('--preset <name>', 'which findings').choices([...presetNames]).default('recommended'))
    .addOption(new Option('--rule <name>', 'only this rule (repeatable)').argParser(collect).default([], 'all rules'))
    .addOption(
      new Option('--ignore <glob>', "leave out matching files, in .gitignore's syntax (repeatable)")
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--all', 'look at tests, scripts, seeds and migrations too', false)
    .option('--trace <file[:function]>', 'print what the functions of a file do, and stop')
    .version(version, '-v, --version')
    .helpOption('-h, --help')
    .addHelpText('after', examples)
    .showHelpAfterError('(race-lint --help lists the options)')
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2 };
    throw error;
  }
  const options = command.opts<Omit<Arguments, 'paths' | 'rules'> & { readonly rule: readonly string[] }>();
  const { rule, ...rest } = options;
  return { ...rest, rules: rule, paths: command.args };
}
