/** Where Midtrans posts to (api.md 3). */
export const notificationPath = '/payments/webhooks/midtrans';
