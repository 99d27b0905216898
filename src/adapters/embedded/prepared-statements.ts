/** Statements whose text is put together at run time, each prepared once. Texts must come from a small set. */
export const preparedOnce = <Prepared>(prepare: (sql: string) => Prepared): ((sql: string) => Prepared) => {
  const known = new Map<string, Prepared>();
  return (sql) => {
    const before = known.get(sql);
    if (before !== undefined) return before;
    const made = prepare(sql);
    known.set(sql, made);
    return made;
  };
};
