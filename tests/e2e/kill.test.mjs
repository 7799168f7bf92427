// Power cuts under load: kill -9 at a random moment, restart, again and again; nothing that was promised is lost.
//
// KILL_ROUNDS (5) rounds on each engine. The sandbox stays up, as the world does. A notification that was being sent
// when the power went is leased for a minute, so the last check waits longer than that.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { bankTransactions } from './lib/buyer.mjs';
import { NO_POSTGRES, query, startPostgres } from './lib/database.mjs';
import { dataFolder, NO_LIMITS, settings, startDemo } from './lib/demo.mjs';
import { eventually, getJson, postJson } from './lib/http.mjs';
import { startProgram } from './lib/program.mjs';
import { luhnCard, paySilently, silentForm } from './lib/vads.mjs';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 5);
const BUYERS = 12;
// The sandbox's shop keeps its last 2,000 notifications, which are read once a round.
const PAYMENTS_A_ROUND = 1_200;
const ALIVE_MS = [200, 1_500];
const SETTLED_MS = 150_000;
const TEST_TIMEOUT_MS = 240_000 + ROUNDS * 15_000;

class World {
  static async start(name, database) {
    const world = new World();
    world.name = name;
    world.data = await dataFolder();
    world.database = database ?? `sqlite:${join(world.data, 'acquit.db')}`;
    // Only the demo makes the demo shop; its own sandbox goes with it.
    await (await startDemo({ name: `kill-seed-${name}`, data: world.data, database })).stop();
    const listen = ['--listen', '127.0.0.1:0', '--acquirer-listen', '127.0.0.1:0', '--smtp-listen', '127.0.0.1:0'];
    world.outside = await startProgram('acquit-sandbox', [...listen, '--data', join(world.data, 'bank')], { name: `kill-sandbox-${name}` });
    world.sandbox = world.outside.ready.sandbox;
    world.promised = new Set();
    world.notified = new Set();
    world.asked = 0;
    world.card = 0;
    return world;
  }

  async startServer() {
    const { acquirer, smtp } = this.outside.ready;
    const config = settings(
      'server.listen=127.0.0.1:0', `database.url=${this.database}`, `vault.master_key_file=${join(this.data, 'master.key')}`,
      `acquirer.address=${acquirer}`, 'acquirer.time_limit_ms=2000', 'acquirer.wait_ms=1000',
      'payments.resolve_after_s=5',
      `threeds.directory_url=${this.sandbox}/threeds/ds`, `mail.server=smtp://${smtp}`, 'mail.require_tls=false', 'log.level=error',
    );
    this.server = await startProgram('acquit', ['serve', ...config, ...NO_LIMITS], { name: `kill-${this.name}` });
    this.url = this.server.ready.server;
    await postJson(`${this.sandbox}/control/server`, { url: this.url });
    await eventually(async () => (await getJson(`${this.url}/health`)).acquirer, 'the line to the acquirer');
  }

  /** One buyer after the other until the power goes; what was answered as accepted is noted as promised. */
  async buy(round) {
    while (!round.over && round.payments < PAYMENTS_A_ROUND) {
      round.payments += 1;
      this.asked += 1;
      this.card += 1;
      const form = silentForm(luhnCard('49701', this.card), {
        vads_amount: String(100 + (this.card % 9_000)), vads_return_mode: 'GET',
        vads_url_return: `${this.sandbox}/shop/return`, vads_url_check: `${this.sandbox}/shop/notification`,
      });
      const fields = await paySilently(this.url, form).catch(() => ({}));
      if (fields.vads_trans_status === 'AUTHORISED') this.promised.add(fields.vads_trans_uuid);
    }
  }

  async round() {
    await this.startServer();
    const round = { over: false, payments: 0 };
    const buyers = Array.from({ length: BUYERS }, () => this.buy(round));
    await new Promise((resolve) => setTimeout(resolve, randomInt(...ALIVE_MS)));
    await this.server.finish('SIGKILL');
    round.over = true;
    await Promise.all(buyers);
    await this.gatherNotifications();
  }

  async gatherNotifications() {
    for (const { verified, fields } of await getJson(`${this.sandbox}/shop/notifications.json`)) {
      assert.equal(verified, true);
      this.notified.add(fields.vads_trans_uuid);
    }
  }

  /** Nothing is under way any more: no outcome unknown, no message but mails and the captures of tonight. */
  async settled() {
    await eventually(async () => {
      await this.gatherNotifications();
      const [[open]] = await query(
        this.database,
        `select (select count(*) from transactions where state in ('initiated', 'authenticating', 'authorising'))
              + (select count(*) from outbox where topic not like '%mail%' and topic not like '%ticket%')`,
      );
      return open === '0';
    }, 'all is settled', SETTLED_MS);
    await this.gatherNotifications();
  }

  async stop() {
    await this.server?.finish('SIGTERM');
    assert.equal(await this.outside?.finish('SIGTERM'), 0);
    await rm(this.data, { recursive: true, force: true });
  }
}

async function assertNothingLost(world) {
  const rows = await query(world.database, 'select transaction_id, state, reference, payment_id from transactions');
  const ours = new Map(rows.map(([id, state, reference]) => [id, { state, reference }]));
  const paid = (state) => state === 'authorised' || state === 'captured';
  const lost = [...world.promised].filter((id) => !paid(ours.get(id)?.state));
  assert.deepEqual(lost, [], 'what was answered as accepted exists');

  const bank = await bankTransactions(world);
  const theirs = bank.filter(({ state }) => paid(state)).map(({ reference }) => reference).sort();
  const wePaid = [...ours.values()].filter(({ state }) => paid(state)).map(({ reference }) => reference).sort();
  assert.deepEqual(theirs, wePaid, 'the bank and we agree');
  assert.deepEqual(bank.filter(({ repeated_authorisations: repeated }) => repeated > 0), [], 'nothing was asked twice');

  const ended = await query(
    world.database,
    `select t.transaction_id from payments p join transactions t on t.shop_id = p.shop_id and t.payment_id = p.payment_id
      where p.ended_at is not null`,
  );
  assert.deepEqual(ended.flat().filter((id) => !world.notified.has(id)), [], 'no notification is missing');
  const postings = await query(world.database, 'select currency, sum(amount) from postings group by currency having sum(amount) <> 0');
  assert.deepEqual(postings, [], 'the ledger is in balance');
  return { ours: ours.size, paid: wePaid.length, ended: ended.length };
}

async function killRounds(name, database) {
  const world = await World.start(name, database);
  try {
    for (let i = 0; i < ROUNDS; i++) await world.round();
    await world.startServer();
    await world.settled();
    const { ours, paid, ended } = await assertNothingLost(world);
    assert.ok(world.promised.size > ROUNDS, 'there was load');
    console.log(
      `${name}: ${ROUNDS} kills, ${world.asked} forms sent, ${world.promised.size} answered as accepted, ` +
        `${ours} transactions, ${paid} authorised here and at the bank, ${ended} ended, ${world.notified.size} notified`,
    );
  } finally {
    await world.stop();
  }
}

test('kill -9 under load', { concurrency: true, timeout: TEST_TIMEOUT_MS }, async (t) => {
  // Side by side, because most of the time is spent waiting for leases to end.
  await Promise.all([
    t.test('kill -9 under load on SQLite: all answered payments exist, the bank agrees, no notification is missing', () => killRounds('sqlite')),
    t.test('kill -9 under load on PostgreSQL: all answered payments exist, the bank agrees, no notification is missing', { skip: NO_POSTGRES }, async () => {
      const postgres = await startPostgres();
      try {
        await killRounds('postgresql', await postgres.create('kill'));
      } finally {
        await postgres.stop();
      }
    }),
  ]);
});
