import { isMet, shareOf, type Aim, type Figure, type Unit } from './figure.js';

interface Column {
  readonly heading: string;
  readonly cell: (figure: Figure) => string;
}

/**
 * The figures as a table for a terminal, or for the README. Columns that no figure has anything for are left out.
 * @param servers told beside every figure, since what they are decides what it is worth; null: none had a part in it
 */
export const tableOf = (
  figures: readonly Figure[],
  format: 'text' | 'markdown',
  servers: string | null = null,
): string => {
  const all: readonly Column[] = [...columns, { heading: 'on', cell: () => servers ?? '' }];
  const shown = all.filter(({ cell }) => figures.some((figure) => cell(figure) !== ''));
  const headings = shown.map(({ heading }) => heading);
  const rows = figures.map((figure) => shown.map(({ cell }) => cell(figure)));
  return format === 'markdown' ? markdown(headings, rows) : aligned([headings, ...rows]);
};

const columns: readonly Column[] = [
  { heading: 'work', cell: ({ work }) => work },
  { heading: 'ours', cell: ({ ours, unit }) => amountOf(ours, unit) },
  {
    heading: 'ceiling',
    cell: ({ ceiling, unit }) => (ceiling === null ? '' : `${amountOf(ceiling.value, unit)} (${ceiling.what})`),
  },
  { heading: 'ratio', cell: (figure) => percent(shareOf(figure)) },
  { heading: 'by hand', cell: ({ byHand, unit }) => (byHand === null ? '' : amountOf(byHand, unit)) },
  { heading: 'aim', cell: ({ aim, unit }) => (aim === null ? '' : aimText(aim, unit)) },
  { heading: '', cell: (figure) => verdict(isMet(figure)) },
];

const digits = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fewDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

const amountOf = (value: number, unit: Unit): string => {
  const number = value >= 100 ? digits.format(value) : fewDigits.format(value);
  return unit === 'per second' ? `${number}/s` : `${number} ${unit}`;
};

const percent = (share: number | null): string => (share === null ? '' : `${Math.round(share * 100)} %`);

const verdict = (met: boolean | null): string => (met === null ? '' : met ? 'met' : 'missed');

const aimText = (aim: Aim, unit: Unit): string => {
  switch (aim.kind) {
    case 'share':
      return `>= ${percent(aim.atLeast)}`;
    case 'least':
      return `>= ${amountOf(aim.atLeast, unit)}`;
    case 'most':
      return `<= ${amountOf(aim.atMost, unit)}`;
  }
};

type Cells = readonly string[];

const markdown = (headings: Cells, rows: readonly Cells[]): string =>
  [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const aligned = (rows: readonly Cells[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
