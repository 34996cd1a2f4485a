import type { Anomaly } from './witness.ts';

/** An anomaly as one word, for message ids: `'double claim'` is `'doubleClaim'`. */
export type AnomalyId = CamelCase<Anomaly>;

type CamelCase<Text extends string> = Text extends `${infer Head}${' ' | '-'}${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text;

export function spellAnomalyId(anomaly: Anomaly): AnomalyId {
  return anomaly.replace(/[ -](\w)/g, (_, letter: string) => letter.toUpperCase()) as AnomalyId;
}
