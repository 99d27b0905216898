import type { Html } from './html.js';
import { html } from './html.js';

const documentOf = (title: string, content: Html): Html =>
  html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/assets/style.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        ${content}
      </body>
    </html>`;

/** The operator's page. */
export const widePage = (title: string, content: Html): Html => documentOf(title, content);

/** A page a customer sees: one card in the middle. */
export const customerPage = (title: string, content: Html): Html =>
  documentOf(
    title,
    html`<main class="narrow">
      <div class="card">${content}</div>
      <p class="brand">Midtrans simulator: no real money moves here</p>
    </main>`,
  );
