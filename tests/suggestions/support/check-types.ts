import path from 'node:path';
import ts from 'typescript';

/** Where the sources stand for the compiler, so that it finds the packages of this project. */
const folder = path.resolve(import.meta.dirname, '../virtual');

/**
 * Type-checks sources that are on no disk, against the packages' own types.
 *
 * @param sources texts by name, without folder
 * @param ambient declarations of packages that need generated code
 * @returns the messages for each source that has any
 */
export function checkTypes(
  sources: ReadonlyMap<string, string>,
  ambient: string,
): ReadonlyMap<string, readonly string[]> {
  const texts = new Map([...sources].map(([name, text]) => [path.join(folder, name), text]));
  texts.set(path.join(folder, 'ambient.d.ts'), ambient);
  const options: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    esModuleInterop: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (file) => texts.get(file) ?? readFile.call(host, file);
  host.fileExists = (file) => texts.has(file) || fileExists.call(host, file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = texts.get(file);
    return text === undefined
      ? getSourceFile.call(host, file, version, ...rest)
      : ts.createSourceFile(file, text, version, true);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const messages = new Map<string, string[]>();
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const name = diagnostic.file === undefined ? '' : path.basename(diagnostic.file.fileName);
    const line =
      diagnostic.file === undefined ? 0 : diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line + 1;
    const text = `${String(line)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
    messages.set(name, [...(messages.get(name) ?? []), text]);
  }
  return messages;
}
