// Certificates for tests, made by openssl at run time: an authority in a folder, and what it vouches for.
import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout'];

async function openssl(folder, ...args) {
  await run('openssl', args, { cwd: folder });
}

/** ca.pem and ca.key in `folder`. */
export async function makeAuthority(folder) {
  await openssl(folder, 'req', '-x509', ...NEW_KEY, 'ca.key', '-days', '2', '-subj', '/CN=Test CA', '-out', 'ca.pem');
}

/** NAME.pem and NAME.key in that folder, vouched for by its ca.pem; `alternative` as openssl writes it: IP:127.0.0.1. */
export async function makeCertificate(folder, name, alternative) {
  await openssl(folder, 'req', ...NEW_KEY, `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
  await writeFile(join(folder, 'san.cnf'), `subjectAltName=${alternative}\n`);
  await openssl(folder, 'x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san.cnf', '-out', `${name}.pem`);
  await chmod(join(folder, `${name}.key`), 0o600);
}
