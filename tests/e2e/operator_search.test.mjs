// What an operator looks for: payments by what a person knows of them, and notifications that failed. On both engines.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { clearFaults, notificationsOf, orderFault, pendingFaults } from './lib/buyer.mjs';
import { NO_POSTGRES, query, startPostgres } from './lib/database.mjs';
import { settings, startDemo } from './lib/demo.mjs';
import { acquit } from './lib/program.mjs';
import { paySilently, SHOP, silentForm } from './lib/vads.mjs';

const CARD = '4970110000000708';

/** `work(demo, desk, database)` on a demo of its own; `desk` are the arguments of commands on its database. */
async function withDemo(name, database, work) {
  const demo = await startDemo({ name, database });
  const url = database ?? `sqlite:${join(demo.data, 'acquit.db')}`;
  try {
    await work(demo, settings(`database.url=${url}`, `vault.master_key_file=${join(demo.data, 'master.key')}`), url);
  } finally {
    await demo.stop();
  }
}

function onBothEngines(name, work) {
  test(name, { timeout: 120_000 }, () => withDemo('operator-search', undefined, work));
  test(`PostgreSQL: ${name}`, { timeout: 120_000, skip: NO_POSTGRES }, async () => {
    const postgres = await startPostgres();
    try {
      await withDemo('operator-search-pg', await postgres.create('search'), work);
    } finally {
      await postgres.stop();
    }
  });
}

onBothEngines('history finds payments by order, address, end of the card and days', async (demo, desk) => {
  const history = (...options) => acquit('history', '--shop', SHOP, ...options, ...desk);
  const pay = async (order, email, card = CARD) => {
    const fields = await paySilently(demo.server, silentForm(card, { vads_order_id: order, vads_cust_email: email }));
    return fields.vads_trans_uuid;
  };
  const first = await pay('SO-1', 'Jeanne@Shop.Example');
  const second = await pay('SO-2', 'jeanne@shop.example');
  await pay('SO-2', 'paul@shop.example', '4970110000000021');

  const story = await history('--order', 'SO-1');
  assert.equal(story.status, 0, story.stderr);
  assert.match(story.stdout, /^payment pay_[0-9a-f]{32}\n/, 'a single one is told whole');
  assert.match(story.stdout, new RegExp(`transaction txn_${first}\\n`));
  assert.match((await history('--order', 'SO-2', '--last4', '0708')).stdout, new RegExp(`transaction txn_${second}\\n`));

  const byEmail = await history('--email', 'JEANNE@shop.example');
  assert.equal(byEmail.status, 0, byEmail.stderr);
  const lines = byEmail.stdout.trimEnd().split('\n');
  assert.equal(lines.length, 2);
  assert.match(lines[0], /^\S+Z {2}pay_[0-9a-f]{32} {2}TEST {2}89\.00 EUR {2}order SO-2 {2}jeanne@shop\.example {2}debit authorised CB 497011XXXXXX0708$/);
  assert.match(lines[1], /order SO-1 {2}Jeanne@Shop\.Example/);

  const page = await history('--last4', '0708', '--limit', '1');
  const more = page.stdout.match(/^1 payments, and older ones: the same with --before (pay_[0-9a-f]{32})$/m);
  assert.ok(more, page.stdout);
  assert.match((await history('--last4', '0708', '--before', more[1])).stdout, new RegExp(`transaction txn_${first}\\n`));

  const day = new Date().toISOString().slice(0, 10);
  const today = (await history('--from', day, '--to', day)).stdout.trimEnd().split('\n');
  assert.ok(today.length >= 1, 'midnight may have passed meanwhile');
  for (const [options, words] of [
    [['--order', 'SO-3'], /shop 69876357 has no payment that fits --order SO-3/],
    [['--order', 'SO-1', '--to', '2000-01-01'], /no payment that fits --order SO-1, --to 2000-01-01/],
    [['--last4', CARD], /--last4: must be the last four digits/],
    [['--order', 'SO-1', '--payment', '0'.repeat(32)], /give either --order/],
  ]) {
    const { status, stdout, stderr } = await history(...options);
    assert.deepEqual([status, stdout], [1, ''], options.join(' '));
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, new RegExp(CARD));
  }
  assert.equal((await acquit('history', '--shop', '11111111', '--order', 'SO-1', ...desk)).status, 1, 'another shop has none');
});

onBothEngines('replay-notification --failed sends again what failed in a time, and says how many', async (demo, desk, database) => {
  const from = new Date(Date.now() - 60_000).toISOString();
  const replay = (...options) => acquit('replay-notification', '--failed', '--from', from, ...options, ...desk);
  const none = await replay();
  assert.deepEqual([none.status, none.stdout], [0, '0 failed\n'], none.stderr);
  await orderFault(demo, 'shop', 'refuse', 3);
  const uuids = [];
  for (let i = 0; i < 3; i++) uuids.push((await paySilently(demo.server, silentForm(CARD))).vads_trans_uuid);
  assert.deepEqual(await pendingFaults(demo), [], 'each of the three was refused');
  // What goes out by itself at the next quarter of an hour is not what this test is about.
  await query(database, "delete from outbox where topic = 'notification'");

  const dry = await replay('--dry-run');
  assert.equal(dry.status, 0, dry.stderr);
  assert.deepEqual(dry.stdout.match(/txn_[0-9a-f]{32}/g), uuids.map((uuid) => `txn_${uuid}`), 'what failed first comes first');
  assert.match(dry.stdout, /^3 failed; nobody was called$/m);
  assert.match((await replay('--dry-run', '--shop', '11111111')).stdout, /^0 failed$/m);
  const part = await replay('--dry-run', '--limit', '1');
  const rest = part.stdout.match(/the same with --from (\S+)$/m);
  assert.ok(rest, part.stdout);

  await orderFault(demo, 'shop', 'refuse', 1);
  const partly = await replay('--shop', SHOP);
  assert.equal(partly.status, 3, partly.stderr);
  assert.match(partly.stdout, /^3 failed, 2 taken now, 1 not taken$/m);
  assert.match(partly.stdout, /^shop 69876357 txn_[0-9a-f]{32} end_of_payment {2}\S+ {2}end_of_payment by_hand #1 SENT HTTP 200/m);
  const whole = await replay();
  assert.deepEqual([whole.status, whole.stdout.split('\n').at(-2)], [0, '1 failed, 1 taken now'], whole.stderr);
  assert.equal((await replay()).stdout, '0 failed\n');
  for (const uuid of uuids) {
    const heard = await notificationsOf(demo, { vads_trans_uuid: uuid, vads_url_check_src: 'BO' });
    assert.ok(heard.length > 0, 'the shop heard of it');
  }

  for (const [options, words] of [
    [['--failed'], /--from: say since when/],
    [['--failed', '--from', 'yesterday'], /--from: must be a day/],
    [['--failed', '--from', '2026-01-01', '--payment', '0'.repeat(32)], /give either --failed with days, or one payment/],
    [['--failed', '--from', '2026-01-01', '--limit', '0'], /--limit: must be from 1/],
    [['--dry-run', '--shop', SHOP, '--payment', '0'.repeat(32)], /--failed/],
  ]) {
    const { status, stderr } = await acquit('replay-notification', ...options, ...desk);
    assert.notEqual(status, 0, options.join(' '));
    assert.match(stderr, words);
  }
  await clearFaults(demo);
});
