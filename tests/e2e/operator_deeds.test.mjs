// What an operator does with transactions: validate, cancel, refund, settle, compare with the bank.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { query } from './lib/database.mjs';
import { settings, startDemo } from './lib/demo.mjs';
import { eventually, getJson } from './lib/http.mjs';
import { acquit } from './lib/program.mjs';
import { paySilently, SHOP, silentForm } from './lib/vads.mjs';

test('validate, cancel and refund: done by the operator by name, and refused with what helps instead', { timeout: 120_000 }, async () => {
  const demo = await startDemo({ name: 'operator-deeds' });
  const database = `sqlite:${join(demo.data, 'acquit.db')}`;
  const desk = settings(`database.url=${database}`, `vault.master_key_file=${join(demo.data, 'master.key')}`);
  const pay = async (values) => (await paySilently(demo.server, silentForm('4970110000000708', values))).vads_trans_uuid;
  const act = (command, uuid, ...more) => acquit(command, '--shop', SHOP, '--transaction', uuid, ...more, ...desk);
  try {
    const waiting = await pay({ vads_validation_mode: '1', vads_capture_delay: '3' });
    for (const [amount, words] of [
      ['0', /--amount: must be above zero, in EUR, as 89\.00/],
      ['1,5', /--amount: must be/],
      ['90.00', /the amount can only be lowered/],
    ]) {
      const { status, stderr } = await act('validate', waiting, '--amount', amount);
      assert.equal(status, 1);
      assert.match(stderr, words);
    }
    const validated = await act('validate', waiting, '--amount', '50.00');
    assert.deepEqual([validated.status, validated.stdout], [0, `txn_${waiting} debit, authorised, 50.00 EUR\n`], validated.stderr);
    assert.match((await act('validate', waiting)).stderr, /needs no validation/);
    assert.match((await act('settle-capture', waiting, '--at-bank', 'yes')).stderr, /only what was handed over to the bank can be in doubt/);
    assert.match((await act('refund', waiting, '--amount', '1.00')).stderr, /only a captured debit.*use `acquit cancel`/);
    assert.match((await act('cancel', waiting, '--amount', '50.01')).stderr, /only 50\.00 EUR is there to be cancelled/);
    const less = await act('cancel', waiting, '--amount', '20.00');
    assert.deepEqual([less.status, less.stdout], [0, `txn_${waiting} debit, authorised, 30.00 EUR\n`], less.stderr);
    const cancelled = await act('cancel', waiting);
    assert.deepEqual([cancelled.status, cancelled.stdout], [0, `txn_${waiting} debit, cancelled, 30.00 EUR\n`], cancelled.stderr);
    const story = (await act('history', waiting)).stdout;
    for (const event of ['modify', 'validate', 'cancel']) assert.match(story, new RegExp(`operator:\\S+ +${event} `));

    const paid = await pay({ vads_capture_delay: '0' });
    // Its day's hour has come: the job takes it at its next turn.
    await query(database, `update transactions set capture_at = 1, due_at = 1 where transaction_id = '${paid}'`);
    await eventually(async () => /debit, captured/.test((await act('history', paid)).stdout), 'the capture');
    assert.match((await act('cancel', paid)).stderr, /use `acquit refund`/);
    const part = await act('refund', paid, '--amount', '80.00');
    assert.equal(part.status, 0, part.stderr);
    assert.match(part.stdout, /^txn_[0-9a-f]{32} credit, authorised, 80\.00 EUR\n$/);
    const more = await act('refund', paid, '--amount', '9.01');
    assert.equal(more.status, 1);
    assert.match(more.stderr, /only 9\.00 EUR is left to be refunded/);
    const payment = (await act('history', paid)).stdout.match(/^payment (pay_[0-9a-f]{32})/)[1];
    const several = await acquit('refund', '--shop', SHOP, '--payment', payment, '--amount', '1.00', ...desk);
    assert.equal(several.status, 1);
    assert.match(several.stderr, /has 2 transactions; give --transaction with one of\n {2}txn_/);
  } finally {
    await demo.stop();
  }
});

test('reconcile-with-acquirer: the list of the bank against the books, each difference on a line', { timeout: 120_000 }, async () => {
  const demo = await startDemo({ name: 'operator-reconcile' });
  const list = join(demo.data, 'bank.csv');
  const desk = settings(`database.url=sqlite:${join(demo.data, 'acquit.db')}`, `vault.master_key_file=${join(demo.data, 'master.key')}`);
  const reconcile = (...more) => acquit('reconcile-with-acquirer', '--file', list, '--from', '2026-01-01', ...more, ...desk);
  const EURO = '978';
  try {
    for (const amount of ['1000', '1100', '1200']) await paySilently(demo.server, silentForm('4970110000000708', { vads_amount: amount, vads_capture_delay: '3' }));
    const rows = (await getJson(`${demo.sandbox}/acquirer/transactions`))
      .filter((row) => row.currency === EURO && row.amount_minor > 0)
      .map((row) => ({ reference: row.reference, status: row.state, amount: row.amount_minor / 100 }));
    const write = async (found) =>
      await writeFile(list, ['reference;status;amount;currency', ...found.map((row) => `${row.reference};${row.status};${row.amount.toFixed(2)};EUR`)].join('\r\n'));
    await write(rows);
    const same = await reconcile();
    assert.equal(same.status, 0, same.stdout + same.stderr);
    assert.match(same.stdout, /differences: 0\n$/);

    const of = (amount) => rows.find((row) => row.amount === amount);
    await write([...rows.filter((row) => row.amount !== 11).map((row) => (row.amount === 12 ? { ...row, amount: 13 } : row)), { reference: 'ABCDEF012345', status: 'captured', amount: 5 }]);
    const differs = await reconcile('--shop', SHOP);
    assert.equal(differs.status, 6, differs.stderr);
    assert.match(differs.stdout, new RegExp(`not_at_bank +${of(11).reference} .*authorised, 11\\.00 EUR; the bank: not in its list`));
    assert.match(differs.stdout, new RegExp(`other_amount +${of(12).reference} .*authorised, 12\\.00 EUR; the bank: authorised 13\\.00 EUR \\(line \\d+\\)`));
    assert.match(differs.stdout, /unknown_here +ABCDEF012345 +the bank: captured 5\.00 EUR \(line \d+\)/);
    assert.match(differs.stdout, /differences: 3\n$/);

    await writeFile(list, 'reference;status;amount;currency\nABC;captured;5.00;EUR\n');
    const wrong = await reconcile();
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /bank\.csv, line 2: reference: must be the twelve characters of DE 37/);
    assert.match((await reconcile('--shop', '12345678')).stderr, /12345678|shop/);
  } finally {
    await demo.stop();
  }
});
