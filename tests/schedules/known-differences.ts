/** Records that the model does not reproduce, each with the reason. The list may only shrink. */
export const knownDifferences: Readonly<Record<string, string>> = {
  'S6o/mariadb/autocommit':
    'under real overlap InnoDB reports the deadlock of two INSERT … SELECT as 1467, failing to read the auto-increment value; the model treats such a statement as one step, because it locks what it reads',
};
