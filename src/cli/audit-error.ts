/** The audit could not run at all: a path that does not exist, an unknown rule. The message is for the user. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}
