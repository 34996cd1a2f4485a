import { expect, it } from 'vitest';
import { readFences } from '../support/read-fences.ts';
import { readSuite } from '../support/read-suite.ts';

const page = `# Seats

\`\`\`prisma schema.prisma
model Seat { id String @id }
\`\`\`

## Booking

### by two people

\`\`\`ts src/book.ts
book();
\`\`\`

\`\`\`findings
src/book.ts:1 no-lost-update lost update
\`\`\`

## Reading

\`\`\`ts src/read.ts
# no heading
\`\`\`

\`\`\`findings
none
\`\`\`
`;

it('reads blocks with the headings above them', () => {
  expect(readFences(page).map(({ info, headings, line }) => [info.join(' '), headings.join(' / '), line])).toEqual([
    ['prisma schema.prisma', 'Seats', 3],
    ['ts src/book.ts', 'Seats / Booking / by two people', 11],
    ['findings', 'Seats / Booking / by two people', 15],
    ['ts src/read.ts', 'Seats / Reading', 21],
    ['findings', 'Seats / Reading', 25],
  ]);
});

it('takes a longer row of backticks to quote a shorter one', () => {
  expect(readFences('````md\n```ts\n```\n````\n')).toMatchObject([{ info: ['md'], text: '```ts\n```\n' }]);
});

it('refuses a block that is never closed', () => {
  expect(() => readFences('```ts\nbook();\n')).toThrow('line 1 is never closed');
});

it('makes cases of a suite, each with the shared files', () => {
  const [booking, reading] = readSuite(page);
  expect(booking).toMatchObject({
    title: 'Booking › by two people',
    files: { 'schema.prisma': 'model Seat { id String @id }\n', 'src/book.ts': 'book();\n' },
    findings: ['src/book.ts:1 no-lost-update lost update'],
  });
  expect(reading).toMatchObject({ title: 'Reading', findings: [] });
  expect(reading!.files).not.toHaveProperty('src/book.ts');
});

it('refuses a case that expects nothing at all', () => {
  expect(() => readSuite('# Seats\n\n## Booking\n\n```ts src/book.ts\nbook();\n```\n')).toThrow(
    '"Booking" has neither',
  );
});
