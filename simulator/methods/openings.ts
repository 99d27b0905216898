import { z } from 'zod';
import type { ChargeRequest } from './charge-request.js';
import type { Method } from './method-rules.js';
import type { Channel, Opening, OpeningDesk } from './opening.js';
import { action } from './opening.js';
import { ovoPhoneVerdict, sandboxPhone } from './ovo-phones.js';
import { qrisText } from './qris-code.js';
import { accountNumber } from './virtual-accounts.js';
import { coreRefusal } from '../http/refusal.js';
import { notSupported, readAs } from '../http/validation.js';

type Open = (request: ChargeRequest, desk: OpeningDesk) => Opening;

const text = z.string().min(1);

const coreBanks = {
  bca: 'bca_va',
  bni: 'bni_va',
  bri: 'bri_va',
  cimb: 'cimb_va',
  permata: 'permata_va',
} as const satisfies Record<string, Method>;

/** Four banks are reached through Snap only (midtrans-facts 3.1). */
const snapBanks = {
  ...coreBanks,
  danamon: 'danamon_va',
  bsi: 'bsi_va',
  seabank: 'seabank_va',
  saqu: 'saqu_va',
} as const satisfies Record<string, Method>;

const banksOf: Readonly<Record<Channel, Readonly<Record<string, Method>>>> = { core: coreBanks, snap: snapBanks };

const freeText = z.array(z.object({ id: z.string(), en: z.string() })).nullish();

const bankTransferSchema = (channel: Channel) =>
  z.object({
    bank_transfer: z.looseObject({
      bank: z.enum(Object.keys(banksOf[channel]), { error: notSupported('bank') }),
      va_number: z.string().regex(/^\d+$/, 'must be digits').nullish(),
      free_text: z.object({ inquiry: freeText, payment: freeText }).nullish(),
    }),
  });

const openBankTransfer = (channel: Channel): Open => {
  const schema = bankTransferSchema(channel);
  return (request, desk) => {
    const { bank, va_number: asked } = readAs(schema, request).bank_transfer;
    const method = banksOf[channel][bank];
    if (!method) throw new Error(`no method for the bank ${bank}`);
    return openVirtualAccount(method, bank, numberOf(channel, method, asked ?? undefined, desk));
  };
};

const permataSchema = z.object({ permata: z.looseObject({ va_number: z.string().nullish() }).nullish() });

const openPermata: Open = (request, desk) => {
  const { permata } = readAs(permataSchema, request);
  const number = numberOf('core', 'permata_va', permata?.va_number ?? undefined, desk);
  return openVirtualAccount('permata_va', 'permata', number);
};

const numberOf = (channel: Channel, method: Method, asked: string | undefined, desk: OpeningDesk): string =>
  accountNumber({ channel, method }, asked, desk.isNumberTaken, desk.digits);

const openVirtualAccount = (method: Method, bank: string, number: string): Opening => {
  if (bank === 'permata')
    return {
      method,
      statusMessage: 'Success, PERMATA VA transaction is successful',
      fields: { permata_va_number: number },
    };
  return {
    method,
    statusMessage: 'Success, Bank Transfer transaction is created',
    fields: { va_numbers: [{ bank, va_number: number }] },
  };
};

const echannelSchema = z.object({
  echannel: z.looseObject({
    bill_info1: text,
    bill_info2: text,
    bill_key: z.string().regex(/^\d+$/, 'must be digits').nullish(),
  }),
});

const openEchannel: Open = (request, desk) => {
  const { echannel } = readAs(echannelSchema, request);
  const asked = echannel.bill_key ?? undefined;
  const billKey = asked !== undefined && !desk.isNumberTaken(asked) ? asked : desk.digits(12);
  return {
    method: 'echannel',
    statusMessage: 'OK, Mandiri Bill transaction is successful',
    fields: { bill_key: billKey, biller_code: '70012' },
  };
};

const gopaySchema = z.object({
  gopay: z.looseObject({ enable_callback: z.boolean().nullish(), callback_url: z.string().nullish() }).nullish(),
});

/** A QR code and a deeplink; the linked account is opened by `gopay-accounts`. */
export const openGopay: Open = (request, desk) => {
  const { gopay } = readAs(gopaySchema, request);
  const { publicUrl, transactionId } = desk;
  const callback = gopay?.enable_callback ? gopay.callback_url : undefined;
  return {
    method: 'gopay',
    statusMessage: 'GO-PAY billing created',
    chargeFields: {
      actions: [
        action('generate-qr-code', 'GET', `${publicUrl}/v2/gopay/${transactionId}/qr-code`),
        action('generate-qr-code-v2', 'GET', `${publicUrl}/v4/qris/gopay/${transactionId}/qr-code`),
        action('deeplink-redirect', 'GET', deeplink(desk, callback ?? undefined)),
        action('get-status', 'GET', `${publicUrl}/v2/${transactionId}/status`),
        { ...action('cancel', 'POST', `${publicUrl}/v2/${transactionId}/cancel`), fields: [] },
      ],
      channel_response_code: '200',
      channel_response_message: 'Success',
    },
  };
};

const deeplink = ({ publicUrl, transactionId }: OpeningDesk, callbackUrl?: string): string => {
  const url = new URL(`${publicUrl}/v2/deeplink/${transactionId}`);
  if (callbackUrl !== undefined && callbackUrl !== '') url.searchParams.set('callback_url', callbackUrl);
  return url.href;
};

const qrisSchema = z.object({
  qris: z.looseObject({ acquirer: z.enum(['gopay', 'airpay shopee']).nullish() }).nullish(),
});

const openQris: Open = (request, { publicUrl, transactionId, grossAmount, digits }) => {
  const acquirer = readAs(qrisSchema, request).qris?.acquirer ?? 'gopay';
  return {
    method: acquirer === 'gopay' ? 'qris' : 'qris_shopee',
    statusMessage: 'QRIS transaction is created',
    chargeFields: {
      actions: [
        action('generate-qr-code', 'GET', `${publicUrl}/v2/qris/${transactionId}/qr-code`),
        action('generate-qr-code-v2', 'GET', `${publicUrl}/v4/qris/${transactionId}/qr-code`),
      ],
      qr_string: qrisText(grossAmount, digits(15)),
    },
    fields: { acquirer },
  };
};

const callbackSchema = (name: string) =>
  z.object({ [name]: z.looseObject({ callback_url: z.string().nullish() }).nullish() });

const openWithDeeplink =
  (method: 'shopeepay' | 'dana', statusMessage: string): Open =>
  (request, desk) => {
    const callbackUrl = readAs(callbackSchema(method), request)[method]?.callback_url ?? undefined;
    return {
      method,
      statusMessage,
      chargeFields: {
        actions: [action('deeplink-redirect', 'GET', deeplink(desk, callbackUrl))],
        channel_response_code: '0',
        channel_response_message: 'success',
      },
    };
  };

const ovoSchema = z.object({ ovo: z.looseObject({ payer_phone_number: text }) });

const openOvo: Open = (request, { now }) => {
  const phone = readAs(ovoSchema, request).ovo.payer_phone_number;
  if (sandboxPhone(phone) === 'not_registered')
    throw coreRefusal(404, "User with requested phone number doesn't exist");
  const comingVerdict = ovoPhoneVerdict(phone, now);
  return {
    method: 'ovo',
    statusMessage: 'Ovo transaction is created',
    fields: { payer_phone_number: phone },
    ...(comingVerdict && { comingVerdict }),
  };
};

const storeSchema = z.object({
  cstore: z.looseObject({
    store: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['indomaret', 'alfamart'], { error: notSupported('store') })),
    message: z.string().nullish(),
    alfamart_free_text_1: z.string().max(40).nullish(),
    alfamart_free_text_2: z.string().max(40).nullish(),
    alfamart_free_text_3: z.string().max(40).nullish(),
  }),
});

const openStore: Open = (request, { digits }) => {
  const { store } = readAs(storeSchema, request).cstore;
  return {
    method: store,
    statusMessage: 'Success, cstore transaction is successful',
    fields: { payment_code: digits(14), store },
  };
};

const akulakuSchema = z.object({
  item_details: z.array(z.looseObject({ id: z.union([z.string().min(1), z.number()]) })).min(1),
  customer_details: z.looseObject({}),
});

const openAkulaku: Open = (request, { publicUrl, transactionId }) => {
  const { item_details: items } = readAs(akulakuSchema, request);
  if (new Set(items.map(({ id }) => String(id))).size < items.length)
    throw new z.ZodError([{ code: 'custom', path: ['item_details'], message: 'must have unique ids', input: items }]);
  return {
    method: 'akulaku',
    statusMessage: 'Success, Akulaku transaction is created',
    chargeFields: { redirect_url: `${publicUrl}/v2/akulaku/redirect/${transactionId}`, channel_response_code: '' },
  };
};

const kredivoSchema = z.object({
  item_details: z.array(z.looseObject({})).min(1),
  customer_details: z.looseObject({}),
  seller_details: z.array(z.looseObject({ id: text })).nullish(),
});

const kredivoDetailsSchema = kredivoSchema.extend({
  item_details: z.array(z.looseObject({ category: text, url: text })).min(1),
  customer_details: z.looseObject({ shipping_address: z.looseObject({}) }),
});

const openKredivo: Open = (request, { publicUrl, transactionId, kredivoDetails }) => {
  readAs(kredivoDetails ? kredivoDetailsSchema : kredivoSchema, request);
  return {
    method: 'kredivo',
    statusMessage: 'Kredivo transaction is created',
    chargeFields: { redirect_url: `${publicUrl}/v2/oms/redirect/${transactionId}`, channel_response_code: 'OK' },
  };
};

const klikPaySchema = z.object({
  bca_klikpay: z.looseObject({ description: text, misc_fee: z.number().nullish() }),
});

const openKlikPay: Open = (request, { publicUrl, transactionId, orderId, grossAmount }) => {
  readAs(klikPaySchema, request);
  const url = `${publicUrl}/v2/bca-klikpay/redirect/${transactionId}`;
  return {
    method: 'bca_klikpay',
    statusMessage: 'OK, BCA KlikPay transaction is successful',
    chargeFields: {
      redirect_url: url,
      redirect_data: {
        url,
        method: 'post',
        params: { transactionNo: orderId, totalAmount: `${grossAmount}.00`, currency: 'IDR' },
      },
    },
  };
};

/** The other direct debits differ in their required fields, their page and their words (midtrans-facts 3.9). */
const openDirectDebit =
  (
    method: 'bca_klikbca' | 'cimb_clicks' | 'danamon_online' | 'bri_epay' | 'uob_ezpay',
    bank: string,
    schema: z.ZodType,
  ): Open =>
  (request, { publicUrl, transactionId }) => {
    readAs(schema, request);
    return {
      method,
      statusMessage: `Success, ${bank} transaction is successful`,
      chargeFields: { redirect_url: `${publicUrl}/v2/${method.replaceAll('_', '-')}/redirect/${transactionId}` },
    };
  };

/** How each Core `payment_type` is opened; cards and linked GoPay accounts have rooms of their own. */
const coreOpenings: Readonly<Record<string, Open>> = {
  bank_transfer: openBankTransfer('core'),
  permata: openPermata,
  echannel: openEchannel,
  gopay: openGopay,
  qris: openQris,
  shopeepay: openWithDeeplink('shopeepay', 'ShopeePay transaction is created'),
  ovo: openOvo,
  cstore: openStore,
  akulaku: openAkulaku,
  kredivo: openKredivo,
  bca_klikpay: openKlikPay,
  bca_klikbca: openDirectDebit(
    'bca_klikbca',
    'KlikBCA',
    z.object({ bca_klikbca: z.looseObject({ description: text, user_id: text }) }),
  ),
  cimb_clicks: openDirectDebit(
    'cimb_clicks',
    'CIMB Clicks',
    z.object({ cimb_clicks: z.looseObject({ description: text }) }),
  ),
  danamon_online: openDirectDebit('danamon_online', 'Danamon Online', z.looseObject({})),
  bri_epay: openDirectDebit('bri_epay', 'BRI E-Pay', z.looseObject({})),
  uob_ezpay: openDirectDebit('uob_ezpay', 'UOB EZ Pay', z.object({ uob_ezpay: z.looseObject({ callback_url: text }) })),
};

/** DANA is reached through Snap only (midtrans-facts 3.1). */
const snapOpenings: Readonly<Record<string, Open>> = {
  ...coreOpenings,
  bank_transfer: openBankTransfer('snap'),
  dana: openWithDeeplink('dana', 'Success, DANA transaction is created'),
};

const openings: Readonly<Record<Channel, Readonly<Record<string, Open>>>> = { core: coreOpenings, snap: snapOpenings };

/** Undefined for a payment type that this API does not know. */
export const openingFor = (paymentType: string, channel: Channel): Open | undefined =>
  Object.hasOwn(openings[channel], paymentType) ? openings[channel][paymentType] : undefined;
