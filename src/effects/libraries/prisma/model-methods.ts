import type { AnswerShape } from '../../../model/answer-shape.ts';

/** How the arguments of a model method are laid out and which effects it has. */
type MethodForm =
  | 'read'
  | 'count'
  | 'aggregate'
  | 'groupBy'
  | 'create'
  | 'createMany'
  | 'update'
  | 'updateMany'
  | 'upsert'
  | 'delete'
  | 'deleteMany';

export interface ModelMethod {
  readonly form: MethodForm;
  readonly answer: AnswerShape;
  /** `where` must hold a unique key, so that composite keys of any name may stand there. */
  readonly unique?: true;
  /** At most one row is read. */
  readonly one?: true;
}

const counted: AnswerShape = { kind: 'object', fields: { count: { kind: 'count' } } };
const rows: AnswerShape = { kind: 'rows' };
const optional: AnswerShape = { kind: 'row', absent: 'null' };
const required: AnswerShape = { kind: 'row', absent: 'throws' };
const always: AnswerShape = { kind: 'row', absent: 'never' };

/** Methods of `prisma.<model>`. https://www.prisma.io/docs/orm/reference/prisma-client-reference#model-queries */
export const modelMethods: Readonly<Record<string, ModelMethod>> = {
  findUnique: { form: 'read', answer: optional, unique: true, one: true },
  findUniqueOrThrow: { form: 'read', answer: required, unique: true, one: true },
  findFirst: { form: 'read', answer: optional, one: true },
  findFirstOrThrow: { form: 'read', answer: required, one: true },
  findMany: { form: 'read', answer: rows },
  count: { form: 'count', answer: { kind: 'count' } },
  aggregate: { form: 'aggregate', answer: { kind: 'object', fields: {} } },
  groupBy: { form: 'groupBy', answer: rows },
  create: { form: 'create', answer: always },
  createMany: { form: 'createMany', answer: counted },
  createManyAndReturn: { form: 'createMany', answer: rows },
  update: { form: 'update', answer: required, unique: true },
  updateMany: { form: 'updateMany', answer: counted },
  updateManyAndReturn: { form: 'updateMany', answer: rows },
  upsert: { form: 'upsert', answer: always, unique: true },
  delete: { form: 'delete', answer: required, unique: true },
  deleteMany: { form: 'deleteMany', answer: counted },
};

/** Members of the client itself that neither read nor write. */
export const inertMembers: ReadonlySet<string> = new Set([
  '$connect',
  '$disconnect',
  '$on',
  '$use',
  '$name',
  '$parent',
]);
