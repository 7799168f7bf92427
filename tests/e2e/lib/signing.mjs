// Signs vads forms as a shop does, written from the published rule and not from the server's code.
import { createHash, createHmac } from 'node:crypto';

/** The text that is signed: values of all vads_ fields, empty ones too, by the byte order of their names, then the key. */
export function signedText(fields, key) {
  const names = Object.keys(fields).filter((name) => name.startsWith('vads_'));
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return [...names.map((name) => fields[name]), key].join('+');
}

export function signSha1(fields, key) {
  return createHash('sha1').update(signedText(fields, key), 'utf8').digest('hex');
}

export function signHmac(fields, key) {
  return createHmac('sha256', key).update(signedText(fields, key), 'utf8').digest('base64');
}

/** The fields with their HMAC-SHA-256 signature. */
export function signed(fields, key) {
  return { ...fields, signature: signHmac(fields, key) };
}

/** Whether a notification or a return form carries the right HMAC-SHA-256 signature. */
export function isSigned(fields, key) {
  return fields.signature === signHmac(fields, key);
}
