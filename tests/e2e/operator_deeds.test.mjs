// What an operator does with a transaction: validate, cancel, refund.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { query } from './lib/database.mjs';
import { settings, startDemo } from './lib/demo.mjs';
import { eventually } from './lib/http.mjs';
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
    assert.match((await act('refund', waiting, '--amount', '1.00')).stderr, /only a captured debit.*use `acquit cancel`/);
    const cancelled = await act('cancel', waiting);
    assert.deepEqual([cancelled.status, cancelled.stdout], [0, `txn_${waiting} debit, cancelled, 50.00 EUR\n`], cancelled.stderr);
    const story = (await act('history', waiting)).stdout;
    for (const event of ['modify', 'validate', 'cancel']) assert.match(story, new RegExp(`OPERATOR:\\S+ +${event} `));

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
