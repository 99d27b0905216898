import generateQrCode from 'qrcode-generator';
import { blackAndWhitePng } from './png.js';

const modulePixels = 8;
/** Readers want four modules of white around a code. */
const quietModules = 4;

/** A QR code of `text` as a PNG. */
export const qrPicture = (text: string): Buffer => {
  const code = generateQrCode(0, 'M');
  code.addData(text);
  code.make();
  const modules = code.getModuleCount();
  const size = (modules + 2 * quietModules) * modulePixels;
  const moduleAt = (pixel: number): number => Math.floor(pixel / modulePixels) - quietModules;
  return blackAndWhitePng(size, (row, column) => {
    const [y, x] = [moduleAt(row), moduleAt(column)];
    const inside = y >= 0 && x >= 0 && y < modules && x < modules;
    return inside && code.isDark(y, x);
  });
};
