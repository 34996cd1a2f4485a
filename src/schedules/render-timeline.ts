import type { Witness, WitnessStep } from '../model/witness.ts';

export interface TimelineOptions {
  /** Columns of the page, in characters. */
  readonly width: number;
  /** Where an operation is in the source, as it shall be shown: `src/book.ts:11`. */
  readonly place: (operation: string) => string | undefined;
}

/** One line of the timeline: a step, or a mark for steps that do not matter. */
type Line = { readonly kind: 'step'; readonly step: WitnessStep; readonly number: number } | { readonly kind: 'gap' };

const narrow = 70;
const indent = '  ';

/** So many checks in a row that all let a request go on are told one by one; of more the first, and how many follow. */
const mostChecks = 2;

function joinChecks(steps: readonly WitnessStep[]): readonly WitnessStep[] {
  const joined: WitnessStep[] = [];
  for (let at = 0; at < steps.length;) {
    const step = steps[at];
    if (step === undefined) break;
    let end = at;
    while (isPassed(steps[end]) && steps[end]?.actor === step.actor) end += 1;
    const passed = end - at;
    joined.push(step);
    if (passed > mostChecks) {
      joined.push({ ...step, operation: '', label: `${String(passed - 1)} more checks`, outcome: 'go on' });
      at = end;
    } else at += 1;
  }
  return joined;
}

function isPassed(step: WitnessStep | undefined): boolean {
  return step?.label.startsWith('check ') === true && step.outcome === 'goes on' && step.elided !== true;
}

function listLines(witness: Witness): readonly Line[] {
  const lines: Line[] = [];
  let number = 0;
  for (const step of joinChecks(witness.steps)) {
    if (step.elided === true) {
      if (lines.at(-1)?.kind !== 'gap') lines.push({ kind: 'gap' });
      continue;
    }
    number += 1;
    lines.push({ kind: 'step', step, number });
  }
  return lines;
}

/** Shortens a text to a width; what is cut off shows as `…`. */
function fit(text: string, width: number): string {
  if (text.length <= width) return text;
  return width <= 1 ? text.slice(0, Math.max(0, width)) : `${text.slice(0, width - 1).trimEnd()}…`;
}

/** Shortens a place from the left: its end, file and line, is what tells. */
function fitPlace(place: string, width: number): string {
  if (place.length <= width) return place;
  const name = place.slice(place.lastIndexOf('/') + 1);
  return name.length <= width ? name : '';
}

function describe(step: WitnessStep): string {
  return step.outcome === '' ? step.label : `${step.label}  ${step.outcome}`;
}

/** A cell: what happens on the left, where on the right, if both fit. */
function renderCell(step: WitnessStep, place: string | undefined, width: number): readonly string[] {
  const text = describe(step);
  const shown = place === undefined ? '' : fitPlace(place, Math.max(0, width - text.length - 2));
  if (text.length <= width)
    return [shown === '' ? text : text + ' '.repeat(width - text.length - shown.length) + shown];
  // a long step takes a second line for what it saw
  const second = `  ${step.outcome}`;
  const label = fit(step.label, width);
  const under = place === undefined ? '' : fitPlace(place, Math.max(0, width - label.length - 2));
  const first = under === '' ? label : label + ' '.repeat(width - label.length - under.length) + under;
  return step.outcome === '' ? [first] : [first, ...wrap(second.trim(), width - 2).map((line) => `  ${line}`)];
}

/** Breaks a text at spaces. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width || line === '') line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  return lines.map((each) => fit(each, width));
}

function nameColumns(witness: Witness): readonly [string, string] {
  switch (witness.mode) {
    case 'two requests':
      return ['request A', 'request B'];
    case 'request and reader':
      return ['request A', 'reader'];
    case 'request and crash':
      return ['request A', ''];
    case 'redelivery':
      return ['first delivery', 'second delivery'];
  }
}

function isRight(step: WitnessStep): boolean {
  return step.actor === 'B' || step.actor === 'reader';
}

/**
 * The timeline of a witness as plain text: a column for each request, time downwards, the steps numbered, the places at
 * the right where there is room. Pages narrower than 70 characters get one column with the actors' letters before the
 * steps.
 */
export function renderTimeline(witness: Witness, options: TimelineOptions): string {
  const lines = listLines(witness);
  const digits = String(lines.filter((line) => line.kind === 'step').length).length;
  const isOneColumn = options.width < narrow || witness.mode === 'request and crash';
  const body = isOneColumn
    ? renderOneColumn(witness, lines, options, digits)
    : renderTwoColumns(witness, lines, options, digits);
  return [...body, '', ...renderEnd(witness, options.width)].map((line) => line.trimEnd()).join('\n');
}

function renderOneColumn(
  witness: Witness,
  lines: readonly Line[],
  options: TimelineOptions,
  digits: number,
): readonly string[] {
  const start = indent.length + digits + 1;
  const isAlone = witness.mode === 'request and crash';
  const width = Math.max(20, options.width - start - (isAlone ? 0 : 3));
  return lines.flatMap((line) => {
    if (line.kind === 'gap') return [`${' '.repeat(start)}${isAlone ? '' : '   '}…`];
    const name = isAlone ? '' : line.step.actor === 'reader' ? 'R  ' : `${line.step.actor}  `;
    const cell = renderCell(line.step, options.place(line.step.operation), width);
    return cell.map((text, index) =>
      index === 0
        ? `${indent}${String(line.number).padStart(digits)} ${name}${text}`
        : `${' '.repeat(start)}${' '.repeat(name.length)}${text}`,
    );
  });
}

function renderTwoColumns(
  witness: Witness,
  lines: readonly Line[],
  options: TimelineOptions,
  digits: number,
): readonly string[] {
  const start = indent.length + digits + 1;
  const between = 3;
  const width = Math.floor((options.width - start - between) / 2);
  const [left, right] = nameColumns(witness);
  const blank = ' '.repeat(start);
  const join = (first: string, second: string) => `${first.padEnd(width)}${' '.repeat(between)}${second}`;
  const head = [`${blank}${join(left, right)}`, `${blank}${join('─'.repeat(width), '─'.repeat(width))}`];
  const rows = lines.flatMap((line) => {
    if (line.kind === 'gap') return [`${blank}…`];
    const cell = renderCell(line.step, options.place(line.step.operation), width);
    return cell.map((text, index) => {
      const before = index === 0 ? `${indent}${String(line.number).padStart(digits)} ` : blank;
      return `${before}${isRight(line.step) ? join('', text) : text}`;
    });
  });
  return [...head, ...rows];
}

function renderEnd(witness: Witness, width: number): readonly string[] {
  const section = (title: string, facts: readonly string[]) =>
    facts.flatMap((fact, index) =>
      wrap(fact, width - indent.length - 10).map(
        (text, row) => `${indent}${(index === 0 && row === 0 ? title : '').padEnd(9)} ${text}`,
      ),
    );
  return [...section('at end', witness.final), ...section('in order', witness.serial)];
}
