/**
 * Codes and names by which programs tell a unique violation from other errors: SQLSTATE 23505 (PostgreSQL), errno 1062
 * and ER_DUP_ENTRY (MySQL, MariaDB), SQLITE_CONSTRAINT, P2002 (Prisma), 11000 (MongoDB), and the names that error classes
 * and helpers carry. Sources: the servers' and clients' own lists of error codes.
 */
export const duplicateMarks =
  /P2002|23505|1062|ER_DUP_ENTRY|11000|SQLITE_CONSTRAINT|UniqueConstraint|UniqueViolation|unique_violation|isUnique|isDuplicate|duplicate|already.?exists|conflict/i;

/**
 * Codes and words by which programs tell a transaction that lost against another one: SQLSTATE 40001 and 40P01
 * (PostgreSQL), errno 1213 and ER_LOCK_DEADLOCK (MySQL, MariaDB), P2034 (Prisma).
 */
export const conflictMarks = /P2034|40001|40P01|\b1213\b|ER_LOCK_DEADLOCK|serializ|deadlock/i;
