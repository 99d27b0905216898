import { isMet, shareOf, type Aim, type Figure, type Unit } from './figure.js';

const heading = ['work', 'ours', 'ceiling', 'ratio', 'aim', ''] as const;

/** The figures as a table for a terminal, or for the README. */
export const tableOf = (figures: readonly Figure[], format: 'text' | 'markdown'): string => {
  const rows = figures.map(rowOf);
  return format === 'markdown' ? markdown(rows) : aligned([[...heading], ...rows]);
};

const rowOf = (figure: Figure): readonly string[] => {
  const { work, unit, ours, ceiling, aim } = figure;
  const share = shareOf(figure);
  const met = isMet(figure);
  return [
    work,
    amountOf(ours, unit),
    ceiling === null ? '' : `${amountOf(ceiling.value, unit)} (${ceiling.what})`,
    share === null ? '' : percent(share),
    aim === null ? '' : aimText(aim, unit),
    met === null ? '' : met ? 'met' : 'missed',
  ];
};

const digits = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fewDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

const amountOf = (value: number, unit: Unit): string => {
  const number = value >= 100 ? digits.format(value) : fewDigits.format(value);
  return unit === 'per second' ? `${number}/s` : `${number} ${unit}`;
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;

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

const markdown = (rows: readonly (readonly string[])[]): string =>
  [heading, heading.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const aligned = (rows: readonly (readonly string[])[]): string => {
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
