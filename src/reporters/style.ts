import type pc from 'picocolors';

/** Colour functions; with colours off each returns its text. */
export type Colors = ReturnType<typeof pc.createColors>;

/** How a text report is laid out. */
export interface Style {
  readonly colors: Colors;
  /** Columns of the terminal. */
  readonly width: number;
  /** Absolute folder that printed paths are relative to. */
  readonly cwd: string;
}
