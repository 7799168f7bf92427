// A private PostgreSQL server, and questions to the database of either engine by its own command line tool.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { eventually } from './http.mjs';

const run = promisify(execFile);
const PROGRAMS = ['15', '16', '17', '18'].map((version) => `/usr/lib/postgresql/${version}/bin`).find((folder) => existsSync(`${folder}/initdb`));

/** Why PostgreSQL tests are left out here; false if they are not. */
export const NO_POSTGRES = PROGRAMS ? false : 'PostgreSQL is not installed';

/** PostgreSQL refuses to run as root. */
async function otherUser() {
  if (process.getuid() !== 0) return {};
  const id = async (flag) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/** Gives { url(name), create(name), folder, crash(), start(), freeze(), thaw(), stop() }. Reached by a socket in its own folder; durable as in production. */
export async function startPostgres() {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-pg-'));
  const user = await otherUser();
  if (user.uid) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  await run(`${PROGRAMS}/initdb`, ['-D', data, '-U', 'acquit', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'], { ...user, cwd: '/' });
  const url = (name) => `postgresql:///${name}?host=${folder}&user=acquit`;
  let server, ended;
  const start = async () => {
    const options = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=60'];
    server = spawn(`${PROGRAMS}/postgres`, options, { ...user, cwd: '/', stdio: 'ignore' });
    ended = new Promise((resolve) => server.once('exit', resolve));
    await eventually(() => run('pg_isready', ['-h', folder]).then(() => true, () => false), 'PostgreSQL', 30_000);
  };
  const crash = async () => {
    server.kill('SIGQUIT');
    await ended;
  };
  // The parent first, so that it makes no more children meanwhile.
  const signalAll = async (signal) => {
    server.kill(signal);
    const children = (await readFile(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8')).split(' ').filter(Boolean);
    for (const child of children) {
      try {
        process.kill(Number(child), signal);
      } catch (error) {
        // It ended by itself meanwhile, as workers do that have nothing left to do.
        if (error.code !== 'ESRCH') throw error;
      }
    }
  };
  await start();
  return {
    start,
    crash,
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    folder,
    url,
    async create(name) {
      await run('psql', ['-q', '-c', `create database ${name}`, url('postgres')]);
      return url(name);
    },
    async stop() {
      await crash();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The rows that `sql` gives, each an array of texts; `database` as in database.url. */
export async function query(database, sql) {
  const options = { maxBuffer: 256 * 1024 * 1024 };
  const { stdout } = database.startsWith('sqlite:')
    ? await run('sqlite3', ['-batch', '-list', '-separator', '|', '-cmd', '.timeout 10000', database.slice('sqlite:'.length), sql], options)
    : await run('psql', ['-qAt', '-F', '|', '-c', sql, database], options);
  return stdout.split('\n').filter(Boolean).map((line) => line.split('|'));
}

/** Everything that is in a PostgreSQL database, as text. */
export async function dump(database) {
  return (await run('pg_dump', [database], { maxBuffer: 256 * 1024 * 1024 })).stdout;
}
