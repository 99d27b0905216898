/** Whole rupiah as Midtrans writes amounts: a string with two decimals (midtrans-facts 2.1). */
export const rupiahText = (amount: number): string => `${amount}.00`;
