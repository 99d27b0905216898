/** One line of the table: what we reach beside what the machine could do at best, measured in the same run. */
export interface Figure {
  readonly work: string;
  readonly unit: Unit;
  readonly ours: number;
  readonly ceiling: Ceiling | null;
  /** The same work done by what a person would write by hand (baseline-crud); null: it does none such, or there was none in this run. */
  readonly byHand: number | null;
  /** null: told, not aimed at. */
  readonly aim: Aim | null;
}

export type Unit = 'per second' | 'ms' | 'MB';

/** `what`: whose figure it is, such as "bare Koa handler". */
export interface Ceiling {
  readonly what: string;
  readonly value: number;
}

/** design.md "Performance". `share`: of the ceiling, 0 to 1. */
export type Aim =
  | { readonly kind: 'share'; readonly atLeast: number }
  | { readonly kind: 'least'; readonly atLeast: number }
  | { readonly kind: 'most'; readonly atMost: number };

/** How much of the ceiling is reached. More time is less: of times the ratio is turned round. */
export const shareOf = ({ unit, ours, ceiling }: Figure): number | null => {
  if (ceiling === null) return null;
  return unit === 'per second' ? ours / ceiling.value : ceiling.value / ours;
};

export const isMet = (figure: Figure): boolean | null => {
  const { aim, ours } = figure;
  switch (aim?.kind) {
    case 'share':
      return (shareOf(figure) ?? 0) >= aim.atLeast;
    case 'least':
      return ours >= aim.atLeast;
    case 'most':
      return ours <= aim.atMost;
    case undefined:
      return null;
  }
};
