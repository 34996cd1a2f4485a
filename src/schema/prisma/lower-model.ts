import type * as PrismaAst from '@mrleebo/prisma-ast';
import type { EngineName } from '../../model/engine.ts';
import type { ColumnFacts, Provenance } from '../../model/schema-facts.ts';
import { recognizeGenerator } from '../sql/lower-column.ts';
import { createTableDraft } from '../table-draft.ts';
import type { TableDraft } from '../table-draft.ts';
import { findArgument, toCall, toFieldNames, toText } from './attribute-arguments.ts';
import type { ParsedBlock } from './parse-blocks.ts';

/** What else is in the schema. */
export interface PrismaContext {
  /** Database names by model. */
  readonly tableNames: ReadonlyMap<string, string>;
  readonly engine: EngineName | undefined;
}

/**
 * A model's name in the database.
 *
 * @param model the model's block
 */
export function findTableName(model: PrismaAst.Model): string {
  const attributes = listBlockAttributes(model);
  const name = findMapped(attributes, 'map') ?? model.name;
  const schema = findMapped(attributes, 'schema');
  return schema === undefined || schema === 'public' || schema === 'dbo' ? name : `${schema}.${name}`;
}

/**
 * Reads a model.
 *
 * Documentation: https://www.prisma.io/docs/orm/reference/prisma-schema-reference
 *
 * @param parsed its block
 * @param model the same, as a model
 * @param context the other models
 */
export function lowerModel(parsed: ParsedBlock, model: PrismaAst.Model, context: PrismaContext): TableDraft {
  const toProvenance = (node: { readonly location?: { startOffset: number; endOffset?: number } }): Provenance => {
    const start = node.location?.startOffset ?? 0;
    return { source: 'prisma', location: parsed.locate(start, (node.location?.endOffset ?? start) + 1) };
  };
  const table = createTableDraft(findTableName(model), toProvenance(model));
  table.aliases.push(model.name);
  table.complete = parsed.complete;
  table.engine = context.engine;
  const columnNames = new Map<string, string>();
  const toColumns = (fields: readonly string[]): readonly string[] =>
    fields.map((field) => columnNames.get(field) ?? field);
  const fields = model.properties.filter((property) => property.type === 'field');

  for (const field of fields) {
    if (typeof field.fieldType === 'string' && context.tableNames.has(field.fieldType)) continue;
    const column = lowerField(field);
    table.columns.push(column);
    columnNames.set(field.name, column.name);
    for (const attribute of field.attributes ?? []) {
      if (attribute.group !== undefined || (attribute.name !== 'id' && attribute.name !== 'unique')) continue;
      const kind = attribute.name === 'id' ? 'primary' : 'unique';
      table.keys.push({ kind, columns: [column.name], name: field.name, provenance: toProvenance(attribute) });
    }
  }

  for (const attribute of listBlockAttributes(model)) {
    if (attribute.name !== 'id' && attribute.name !== 'unique') continue;
    const members = toFieldNames(findArgument(attribute, 'fields', 0));
    if (members.length === 0) {
      table.complete = false;
      continue;
    }
    const name = toText(findArgument(attribute, 'name', 1)) ?? members.join('_');
    const kind = attribute.name === 'id' ? 'primary' : 'unique';
    table.keys.push({ kind, columns: toColumns(members), name, provenance: toProvenance(attribute) });
  }

  for (const field of fields) {
    const relation = field.attributes?.find((attribute) => attribute.name === 'relation');
    const references = typeof field.fieldType === 'string' ? context.tableNames.get(field.fieldType) : undefined;
    const members = relation === undefined ? [] : toFieldNames(findArgument(relation, 'fields'));
    if (relation === undefined || references === undefined || members.length === 0) continue;
    table.foreignKeys.push({ columns: toColumns(members), references, provenance: toProvenance(relation) });
  }
  return table;
}

/**
 * The relations of a model: as code spells them (`User.posts`), and the model that each leads to.
 *
 * @param model the model
 * @param models names of all models
 */
export function listRelations(
  model: PrismaAst.Model,
  models: { readonly has: (name: string) => boolean },
): readonly { readonly path: string; readonly target: string }[] {
  return model.properties.flatMap((property) =>
    property.type === 'field' && typeof property.fieldType === 'string' && models.has(property.fieldType)
      ? [{ path: `${model.name}.${property.name}`, target: property.fieldType }]
      : [],
  );
}

function lowerField(field: PrismaAst.Field): ColumnFacts {
  const attributes = (field.attributes ?? []).filter((attribute) => attribute.group === undefined);
  const name = findMapped(attributes, 'map') ?? field.name;
  const generated = findGenerated(attributes);
  return {
    name,
    ...(name !== field.name && { alias: field.name }),
    // A list is never null, but empty.
    nullable: field.optional === true,
    ...(generated !== undefined && { generated }),
    ...(field.array === true && { isList: true }),
    ...(field.fieldType === 'Json' && { isJson: true }),
  };
}

function findGenerated(attributes: readonly PrismaAst.Attribute[]): ColumnFacts['generated'] | undefined {
  for (const attribute of attributes) {
    if (attribute.name === 'updatedAt') return 'time';
    if (attribute.name !== 'default') continue;
    const call = toCall(findArgument(attribute, 'value', 0));
    switch (call?.name) {
      case 'autoincrement':
      case 'sequence':
        return 'sequence';
      case 'uuid':
      case 'cuid':
      case 'nanoid':
      case 'ulid':
      case 'auto':
        return 'random';
      case 'now':
        return 'time';
      case 'dbgenerated':
        return recognizeGenerator(toText(call.params?.[0]) ?? '');
      default:
    }
  }
  return undefined;
}

function findMapped(attributes: readonly PrismaAst.Attr[], name: string): string | undefined {
  const attribute = attributes.find((candidate) => candidate.name === name && candidate.group === undefined);
  return attribute === undefined ? undefined : toText(findArgument(attribute, name === 'map' ? 'name' : 'map', 0));
}

function listBlockAttributes(model: PrismaAst.Model): readonly PrismaAst.BlockAttribute[] {
  return model.properties.filter((property) => property.type === 'attribute');
}
