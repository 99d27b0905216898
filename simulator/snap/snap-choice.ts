import type { SnapMethod, TransferMethod } from './snap-methods.js';
import type { SnapRequest } from './snap-request.js';

/** What the customer did on the page. */
export interface SnapChoice {
  readonly method: SnapMethod;
  /** GoPay and ShopeePay are paid through QRIS on a desktop, and say so (midtrans-facts 3.1). */
  readonly desktop: boolean;
  /** A one-time token of the card typed in. */
  readonly cardToken?: string;
  readonly phone?: string;
  readonly installmentTerm?: number;
}

/** The Core charge that a choice on the page amounts to. */
export const chargeFor = (request: SnapRequest, choice: SnapChoice): Record<string, unknown> => ({
  transaction_details: request.transaction_details,
  item_details: request.item_details,
  customer_details: request.customer_details,
  custom_field1: request.custom_field1,
  custom_field2: request.custom_field2,
  custom_field3: request.custom_field3,
  metadata: request.metadata,
  ...detailsFor(request, choice),
});

const detailsFor = (request: SnapRequest, choice: SnapChoice): Record<string, unknown> => {
  const { method } = choice;
  switch (method) {
    case 'credit_card':
      return { payment_type: 'credit_card', credit_card: cardDetails(request, choice) };
    case 'google_pay':
      return { payment_type: 'credit_card', credit_card: { google_pay_token: 'snap', authentication: false } };
    case 'gopay':
      return choice.desktop ? qris('gopay') : { payment_type: 'gopay', gopay: request.gopay };
    case 'shopeepay':
      return choice.desktop ? qris('airpay shopee') : { payment_type: 'shopeepay', shopeepay: request.shopeepay };
    case 'other_qris':
      return qris('gopay');
    case 'dana':
      return { payment_type: 'dana', dana: request.dana };
    case 'ovo':
      return {
        payment_type: 'ovo',
        ovo: { payer_phone_number: choice.phone ?? request.customer_details?.phone ?? '081111111111' },
      };
    case 'indomaret':
    case 'alfamart':
      return { payment_type: 'cstore', cstore: { store: method } };
    case 'echannel':
      return {
        payment_type: 'echannel',
        echannel: { bill_info1: 'Payment:', bill_info2: 'Online purchase', ...request.echannel },
      };
    case 'akulaku':
      return { payment_type: 'akulaku', ...withItems(request) };
    case 'kredivo':
      return { payment_type: 'kredivo', ...withKredivoDetails(withItems(request)) };
    case 'bca_klikpay':
    case 'cimb_clicks':
      return { payment_type: method, [method]: { description: 'Snap' } };
    case 'bca_klikbca':
      return { payment_type: method, bca_klikbca: { description: 'Snap', user_id: 'KLIKBCA01' } };
    case 'danamon_online':
    case 'bri_epay':
      return { payment_type: method };
    case 'uob_ezpay':
      return {
        payment_type: method,
        uob_ezpay: { callback_url: request.uob_ezpay?.callback_url ?? 'https://example.com/' },
      };
    default:
      return bankTransfer(request, method);
  }
};

const qris = (acquirer: string) => ({ payment_type: 'qris', qris: { acquirer } });

const bankTransfer = (request: SnapRequest, method: TransferMethod): Record<string, unknown> => ({
  payment_type: 'bank_transfer',
  bank_transfer: { bank: method.replace('_va', ''), va_number: request[method]?.va_number },
});

const cardDetails = ({ credit_card: options }: SnapRequest, { cardToken, installmentTerm }: SnapChoice) => ({
  token_id: cardToken,
  authentication: options?.secure ?? false,
  type: options?.type,
  bank: options?.bank,
  channel: options?.channel,
  bins: options?.whitelist_bins,
  save_token_id: options?.save_card,
  installment_term: installmentTerm,
});

/** Pay-later wants items and a customer; the page makes them up when the merchant sent none. */
const withItems = ({ item_details: items, customer_details: customer, transaction_details: details }: SnapRequest) => ({
  item_details: items?.map((item, index) => ({ ...item, id: item.id ?? String(index + 1) })) ?? [
    { id: details.order_id, name: 'Order', price: details.gross_amount, quantity: 1 },
  ],
  customer_details: customer ?? {},
});

const withKredivoDetails = ({ item_details: items, customer_details: customer }: ReturnType<typeof withItems>) => ({
  item_details: items.map((item) => ({ category: 'Other', url: 'https://example.com/', ...item })),
  customer_details: { shipping_address: {}, ...customer },
});
