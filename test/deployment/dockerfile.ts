/** One `FROM` with what follows it. */
export interface Stage {
  readonly name: string;
  /** An image, or the name of an earlier stage. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

export interface Instruction {
  /** Upper case, such as `COPY`. */
  readonly keyword: string;
  readonly value: string;
}

/** Reads what this project writes: comments, continued lines, `ARG` before the first stage. No here-documents, no parser directives. */
export const stagesOf = (text: string): readonly Stage[] => {
  const instructions = instructionsOf(text);
  const first = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const defaults = new Map(
    instructions.slice(0, first).map(({ value }) => value.split('=', 2) as [name: string, value: string]),
  );
  const starts = instructions.flatMap(({ keyword }, index) => (keyword === 'FROM' ? [index] : []));
  return starts.map((start, nth) => {
    const [base = '', name = String(nth)] = (instructions[start]?.value ?? '').split(/\s+as\s+/i);
    return {
      name,
      base: base.replace(/^\$\{(\w+)\}$/, (all, argument: string) => defaults.get(argument) ?? all),
      instructions: instructions.slice(start + 1, starts[nth + 1]),
    };
  });
};

const instructionsOf = (text: string): readonly Instruction[] =>
  text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => {
      const [, keyword = '', value = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return { keyword: keyword.toUpperCase(), value };
    });

/** A stage and what it stands on, the image it began with first. @throws when there is no such stage */
export const lineageOf = (stages: readonly Stage[], name: string): readonly Stage[] => {
  const stage = stages.find((candidate) => candidate.name === name);
  if (!stage) throw new Error(`There is no stage ${name}`);
  const stands = stages.some((candidate) => candidate.name === stage.base);
  return stands ? [...lineageOf(stages, stage.base), stage] : [stage];
};

/** Every value of an instruction that a stage has, its own or from what it stands on, the oldest first. */
export const valuesOf = (lineage: readonly Stage[], keyword: string): readonly string[] =>
  lineage.flatMap(({ instructions }) =>
    instructions.filter((instruction) => instruction.keyword === keyword).map(({ value }) => value),
  );

/** The variables that a stage sets. Values have no spaces and no quotes here. */
export const environmentOf = (lineage: readonly Stage[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    valuesOf(lineage, 'ENV')
      .flatMap((value) => value.split(/\s+/))
      .map((pair) => pair.split('=', 2)),
  ) as Record<string, string>;

/** The words of the last `CMD`, which is written as JSON. */
export const commandOf = (lineage: readonly Stage[]): readonly string[] =>
  JSON.parse(valuesOf(lineage, 'CMD').at(-1) ?? '[]') as string[];
