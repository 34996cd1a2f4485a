/**
 * The store that tables of a relational database belong to, whichever library reached them: a row that Prisma inserts
 * is the row that raw SQL reads. Projects with two relational databases are told apart by their table names only.
 */
export const databaseStore = 'database';
