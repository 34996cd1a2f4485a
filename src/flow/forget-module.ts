import { weighSource } from '../project/project.ts';
import type { Analyzer } from './analyzer.ts';
import type { ModuleScope } from './module-scope.ts';

/** Drops what the analyzer holds of a file that no other file has asked for, so that its tree can go. */
export function forgetModule(analyzer: Analyzer, module: ModuleScope): void {
  analyzer.modules.delete(module.file.path);
  analyzer.keptCharacters -= weighSource(module.file);
  dropWhere(analyzer.functions, (record) => record.module === module);
  dropWhere(analyzer.classes, (record) => record.module === module);
  dropWhere(analyzer.instances, (record) => record.class.module === module);
  dropWhere(analyzer.types, (record) => record.module === module);
}

function dropWhere<Record>(records: Map<string, Record>, test: (record: Record) => boolean): void {
  // there may be tens of thousands, for each of the files: no entry is made for them
  records.forEach((record, id) => {
    if (test(record)) records.delete(id);
  });
}
