import { expect, it } from 'vitest';
import { addPrismaKey } from '../../src/cli/schema-edits/add-prisma-key.ts';
import { applySuggestion } from '../support/apply-suggestion.ts';
import { locate } from '../support/sample-finding.ts';

function edit(source: string, columns: readonly string[]): string | undefined {
  const definition = { source: 'prisma' as const, location: locate('/shop/schema.prisma', source, 'model Guest') };
  const edits = addPrismaKey(source, { table: 'Guest', columns, definition });
  return edits && applySuggestion(source, { title: '', edits });
}

const schema = `model Team {
  id    String @id
  email String
}

model Guest {
  id     String @id @default(cuid())
  team   String @map("team_id") // the host's
  email  String
  page   String @default("https://example.org/{}") /// where they came from
  notes  Json
  letter String @db.Text
}
`;

it('puts @unique behind a field, before its comment', () => {
  expect(edit(schema, ['team'])).toBe(schema.replace('@map("team_id") //', '@map("team_id") @unique //'));
  expect(edit(schema, ['page'])).toBe(schema.replace('{}") ///', '{}") @unique ///'));
});

it('takes the field of the right model', () => {
  expect(edit(schema, ['email'])).toBe(schema.replace('  email  String', '  email  String @unique'));
});

it('puts @@unique at the end of the block', () => {
  const end = '  letter String @db.Text\n';
  expect(edit(schema, ['team', 'email'])).toBe(schema.replace(end, `${end}\n  @@unique([team, email])\n`));
  const indexed = schema.replace(end, `${end}\n  @@index([email])\n`);
  expect(edit(indexed, ['team', 'email'])).toBe(
    indexed.replace('@@index([email])\n', '@@index([email])\n  @@unique([team, email])\n'),
  );
});

it('keeps the line ends of Windows', () => {
  const windows = schema.replaceAll('\n', '\r\n');
  expect(edit(windows, ['team', 'email'])).toContain('@db.Text\r\n\r\n  @@unique([team, email])\r\n}\r\n');
});

it.each([
  ['a type without equality', ['notes']],
  ['a text of which an index takes a prefix', ['team', 'letter']],
  ['a field that is not in the block', ['phone']],
])('makes no edit for %s', (_, columns) => {
  expect(edit(schema, columns)).toBeUndefined();
});
