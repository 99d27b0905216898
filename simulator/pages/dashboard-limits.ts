/** Lists of the dashboard show the newest of what may be thousands. */
export const shownMax = 60;
