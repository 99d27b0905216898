const field = (tag: string, value: string): string => `${tag}${String(value.length).padStart(2, '0')}${value}`;

/** CRC-16/CCITT-FALSE, four upper-case hex digits, as EMV merchant QR codes end with. */
export const crc16 = (text: string): string => {
  let crc = 0xffff;
  for (const byte of Buffer.from(text, 'ascii')) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
};

/** A dynamic QRIS text over `amount` rupiah, well formed but of no merchant that exists. */
export const qrisText = (amount: number, reference: string): string => {
  const account =
    field('00', 'COM.GO-JEK.WWW') + field('01', '936009140000000000') + field('02', reference) + field('03', 'UME');
  const text =
    field('00', '01') +
    field('01', '12') +
    field('26', account) +
    field('52', '5399') +
    field('53', '360') +
    field('54', String(amount)) +
    field('58', 'ID') +
    field('59', 'Midtrans Simulator') +
    field('60', 'JAKARTA') +
    '6304';
  return text + crc16(text);
};
