// Forms of the demo shop, made and signed here, for what its own pages don't offer.
import { randomInt } from 'node:crypto';

import { postForm } from './http.mjs';
import { signed } from './signing.mjs';

export const SHOP = '69876357';
export const TEST_KEY = '1122334455667788';
export const PRODUCTION_KEY = '8877665544332211';

// A letter first: the demo shop counts its own transactions with digits only.
let number = randomInt(36 ** 4);
function nextTransId() {
  number = (number + 1) % 36 ** 5;
  return `e${number.toString(36).padStart(5, '0')}`;
}

/** A signed payment form; `fields` are set over the usual ones. */
export function paymentForm(fields = {}, key = TEST_KEY) {
  const transId = nextTransId();
  return signed(
    {
      vads_action_mode: 'INTERACTIVE',
      vads_amount: '8900',
      vads_ctx_mode: 'TEST',
      vads_currency: '978',
      vads_order_id: `order-${transId}`,
      vads_page_action: 'PAYMENT',
      vads_payment_config: 'SINGLE',
      vads_site_id: SHOP,
      vads_trans_date: new Date().toISOString().replace(/\D/g, '').slice(0, 14),
      vads_trans_id: transId,
      vads_version: 'V2',
      ...fields,
    },
    key,
  );
}

/** A form that brings the card itself. */
export function silentForm(card, fields = {}) {
  return paymentForm({
    vads_action_mode: 'SILENT',
    vads_card_number: card,
    vads_expiry_month: '12',
    vads_expiry_year: String(new Date().getUTCFullYear() + 3),
    vads_cvv: '123',
    ...fields,
  });
}

const HIDDEN = /<input type="hidden" name="([^"]+)" value="([^"]*)">/g;
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** Sends a SILENT form; the fields that go back to the shop, by redirect or in a form; empty if there are none (yet). */
export async function paySilently(server, form) {
  const answer = await postForm(`${server}/vads-payment/`, form);
  let text = await answer.text();
  if (answer.status === 303) {
    const target = new URL(answer.headers.get('location'), server);
    if (!target.pathname.startsWith('/pay/')) return Object.fromEntries(target.searchParams);
    text = await (await fetch(target)).text();
  }
  const unescaped = (value) => value.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]);
  return Object.fromEntries([...text.matchAll(HIDDEN)].map(([, name, value]) => [name, unescaped(value)]).filter(([name]) => name.startsWith('vads_')));
}

export function entryUrl(server, form) {
  return `${server}/vads-payment/?${new URLSearchParams(form)}`;
}

/** Posts the form; the address of the payment's page. */
export async function openPayment(server, form) {
  const answer = await postForm(`${server}/vads-payment/`, form);
  if (answer.status !== 303) throw new Error(`the form was answered with ${answer.status}: ${(await answer.text()).slice(0, 2000)}`);
  return new URL(answer.headers.get('location'), server).href;
}

/** A card of the demo bank's CB range that passes the Luhn check. */
export function luhnCard(prefix, serial) {
  const body = prefix + String(serial).padStart(15 - prefix.length, '0');
  for (let digit = 0; digit < 10; digit++) {
    const sum = [...`${body}${digit}`].reverse().reduce((total, char, index) => {
      const value = Number(char) * (index % 2 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    if (sum % 10 === 0) return `${body}${digit}`;
  }
  throw new Error('no check digit fits');
}
