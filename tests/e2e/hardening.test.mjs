// What a thief of memory, of a dump or of the database's file would find, and how the program is built.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { bankTransactions } from './lib/buyer.mjs';
import { NO_LIMITS, ROOT, startDemo } from './lib/demo.mjs';
import { eventually, postForm } from './lib/http.mjs';
import { luhnCard, openPayment, paymentForm, paySilently, silentForm } from './lib/vads.mjs';

const run = promisify(execFile);

let demo;
before(async () => {
  demo = await startDemo({ name: 'hardening', more: NO_LIMITS });
});
after(async () => {
  await demo?.stop();
});

/** Where `words` stand in the writable memory of a process. */
async function inMemory(pid, words) {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  const memory = await open(`/proc/${pid}/mem`, 'r');
  const found = [];
  for (const line of maps.split('\n')) {
    const [, from, to, rest] = /^([0-9a-f]+)-([0-9a-f]+) rw(.*)$/.exec(line) ?? [];
    if (!from || /\[v(var|dso|syscall)/.test(rest)) continue;
    const start = Number.parseInt(from, 16);
    const bytes = Buffer.alloc(Number.parseInt(to, 16) - start);
    try {
      await memory.read(bytes, 0, bytes.length, start);
    } catch {
      continue; // Reserved, not there.
    }
    for (const word of words) {
      for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + 1)) {
        found.push(`${word} in ${rest.trim().split(' ').at(-1)}: ${JSON.stringify(bytes.subarray(Math.max(0, at - 60), at + 80).toString('latin1'))}`);
      }
    }
  }
  await memory.close();
  return found;
}

test('no card number is left in memory once its payment is over', async () => {
  const cards = [1, 2, 3, 4].map((serial) => luhnCard('497077', 27_182_818 + serial));
  const [byPage, silent, ...others] = cards;
  const url = await openPayment(demo.server, paymentForm());
  const answer = await postForm(`${url}/card`, { card_number: byPage, expiry: '12/40', security_code: '123', card_holder: 'Essai' }, { connection: 'close' });
  assert.equal(answer.status, 303);
  await paySilently(demo.server, silentForm(silent));
  for (const card of others) {
    const page = await openPayment(demo.server, paymentForm());
    await postForm(`${page}/card`, { card_number: card, expiry: '12/99', security_code: '123', card_holder: 'Essai' });
  }
  assert.ok((await bankTransactions(demo)).length >= 2, 'the bank was asked');
  // A connection that is kept open has read the next request over the last one.
  for (let i = 0; i < 20; i++) await fetch(`${demo.server}/health`);
  assert.ok((await inMemory(demo.child.pid, ['acquit.db'])).length > 0, 'the search finds what is there');
  await eventually(async () => (await inMemory(demo.child.pid, cards)).length === 0, 'a card number stays in memory', 20_000).catch(async (error) => {
    throw new Error(`${error.message}\n${(await inMemory(demo.child.pid, cards)).join('\n')}`);
  });
});

test('the memory of the server is in no dump, and the database is its own', async () => {
  const limits = await readFile(`/proc/${demo.child.pid}/limits`, 'utf8');
  assert.match(limits, /Max core file size +0 +0 /);
  assert.equal((await stat(`/proc/${demo.child.pid}/mem`)).uid, 0, 'of root: the process can not be looked into by its own user');
  for (const end of ['', '-wal', '-shm']) {
    assert.equal((await stat(join(demo.data, `acquit.db${end}`))).mode & 0o777, 0o600, end);
  }
  assert.equal((await stat(join(demo.data, 'master.key'))).mode & 0o777, 0o600);
});

test('the program is built so that a fault in it is hard to use', async () => {
  const { stdout } = await run('llvm-readelf-19', ['--dynamic', '--program-headers', '--notes', join(ROOT, 'build/acquit')], { maxBuffer: 1 << 26 });
  for (const sign of [/GNU_RELRO/, /BIND_NOW|NOW/, /PIE/]) assert.match(stdout, sign);
  assert.match(stdout, /GNU_STACK.* RW /, 'no stack is executable');
  const code = await run('llvm-objdump-19', ['--disassemble-symbols=main', join(ROOT, 'build/acquit')], { maxBuffer: 1 << 26 });
  assert.match(code.stdout, /<main>:\s+\S+:[ 0-9a-f]*\s+endbr64/, 'jumps land where they may');
});
