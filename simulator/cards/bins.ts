import type { Fields } from '../transactions/transaction.js';
import { brandOf, issuerOfBin } from './test-cards.js';

const bankNames: Readonly<Record<string, string>> = {
  mandiri: 'bank mandiri',
  cimb: 'bank cimb niaga',
  bni: 'bank negara indonesia',
  bca: 'bank central asia',
  bri: 'bank rakyat indonesia',
  mega: 'bank mega',
  maybank: 'bank maybank indonesia',
};

/** GET /v1/bins/{bin}: known for the first 6 to 8 digits of the test cards (midtrans-facts 5.9). */
export const binData = (bin: string): Fields | undefined => {
  const known = /^\d{6,8}$/.test(bin) ? issuerOfBin(bin) : undefined;
  return (
    known && {
      country_name: 'Indonesia',
      country_code: 'id',
      brand: brandOf(bin),
      bin_type: known.debit ? 'debit' : 'credit',
      bin_class: known.debit ? 'classic' : 'gold',
      bin,
      bank_code: known.issuer,
      bank: known.issuer === null ? null : (bankNames[known.issuer] ?? known.issuer),
    }
  );
};
