import type * as PrismaAst from '@mrleebo/prisma-ast';
import type { RelationFacts } from '../../model/schema-facts.ts';
import { findArgument, toFieldNames, toText } from './attribute-arguments.ts';

/**
 * The relations of a model, with the columns that it names itself, or that another model names for it. Of one without
 * columns (an implicit table between two lists) only the table is told.
 *
 * Documentation: https://www.prisma.io/docs/orm/prisma-schema/data-model/relations
 *
 * @param model the model
 * @param models all models of the schema
 */
export function listRelations(model: PrismaAst.Model, models: readonly PrismaAst.Model[]): readonly RelationFacts[] {
  return listFields(model).flatMap((field): readonly RelationFacts[] => {
    const other = models.find(({ name }) => name === field.fieldType);
    if (other === undefined) return [];
    const base = { name: field.name, table: other.name, isList: field.array === true };
    const own = readLink(field);
    if (own.fields.length > 0) return [{ ...base, on: pair(own.references, own.fields), isOwned: false }];
    const backs = listFields(other).filter((back) => {
      const link = readLink(back);
      return back.fieldType === model.name && link.fields.length > 0 && link.name === own.name;
    });
    const [back, ...more] = backs;
    if (back === undefined || more.length > 0) return [{ ...base, on: [], isOwned: false }];
    const link = readLink(back);
    return [{ ...base, on: pair(link.fields, link.references), isOwned: true }];
  });
}

function listFields(model: PrismaAst.Model): readonly PrismaAst.Field[] {
  return model.properties.filter((property) => property.type === 'field');
}

function readLink(field: PrismaAst.Field): {
  readonly name: string | undefined;
  readonly fields: readonly string[];
  readonly references: readonly string[];
} {
  const relation = field.attributes?.find((attribute) => attribute.name === 'relation');
  if (relation === undefined) return { name: undefined, fields: [], references: [] };
  return {
    name: toText(findArgument(relation, 'name', 0)),
    fields: toFieldNames(findArgument(relation, 'fields')),
    references: toFieldNames(findArgument(relation, 'references')),
  };
}

function pair(others: readonly string[], own: readonly string[]): RelationFacts['on'] {
  return others.flatMap((other, index) => {
    const column = own[index];
    return column === undefined ? [] : [{ other, own: column }];
  });
}
