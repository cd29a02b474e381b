import { timingSafeEqual } from 'node:crypto';
import type { Request } from './http-event.ts';
import { signatureOf } from './sigv4.ts';

/** A browser's form as S3 takes it: the fields by lower-case name, and the file, which comes last. */
export interface Form {
  fields: Record<string, string>;
  file: Buffer;
  fileName: string;
}

type Condition = Record<string, string> | [string, string | number, string | number];

interface Refused {
  refused: { status: number; code: string; message: string };
}

interface Posted {
  key: string;
  status: number;
  headers: Record<string, string>;
}

const refused = (status: number, code: string, message: string): Refused => ({ refused: { status, code, message } });
const denied = (message: string): Refused => refused(403, 'AccessDenied', message);

/** The parts of a multipart body: each its head as text, and its bytes. */
function partsOf(body: Buffer, boundary: string): { head: string; bytes: Buffer }[] {
  const parts: { head: string; bytes: Buffer }[] = [];
  const mark = Buffer.from(`--${boundary}`);
  let from = body.indexOf(mark);
  for (
    let to = body.indexOf(mark, from + mark.length);
    from >= 0 && to >= 0;
    to = body.indexOf(mark, from + mark.length)
  ) {
    const part = body.subarray(from + mark.length + 2, to - 2);
    const split = part.indexOf('\r\n\r\n');
    if (split >= 0) parts.push({ head: part.subarray(0, split).toString(), bytes: part.subarray(split + 4) });
    from = to;
  }
  return parts;
}

/** Reads a multipart form up to its file; undefined where it is none. */
export function readForm({ headers, body }: Request): Form | undefined {
  const boundary = /^multipart\/form-data;.*\bboundary="?([^";]+)/i.exec(headers['content-type'] ?? '')?.[1];
  if (!boundary) return undefined;
  const fields: Record<string, string> = {};
  for (const { head, bytes } of partsOf(body, boundary)) {
    const name = /\bname="([^"]*)"/i.exec(head)?.[1]?.toLowerCase();
    if (name === 'file') return { fields, file: bytes, fileName: /\bfilename="([^"]*)"/i.exec(head)?.[1] ?? '' };
    if (name) fields[name] = bytes.toString();
  }
  return { fields, file: Buffer.alloc(0), fileName: '' };
}

/** What a policy does not need to name. */
const FREE = /^(policy|x-amz-signature|file|x-ignore-.*)$/;

function readPolicy(text: string): { expiration: string; conditions: Condition[] } | undefined {
  try {
    const { expiration, conditions } = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as {
      expiration: string;
      conditions: Condition[];
    };
    return Array.isArray(conditions) ? { expiration, conditions } : undefined;
  } catch {
    return undefined;
  }
}

function isSigned({ fields }: Form, secret: string): boolean {
  const expected = signatureOf(fields['policy'] ?? '', fields['x-amz-credential'] ?? '', secret) ?? '';
  const given = fields['x-amz-signature'] ?? '';
  return (
    expected !== '' && expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given))
  );
}

/** A condition as S3 reads it, and the field that it is about; the length of the file is no field. */
function judge(condition: Condition, values: Record<string, string>, size: number): Refused | string {
  if (!Array.isArray(condition)) {
    const [[name, wanted] = ['', '']] = Object.entries(condition);
    return judge(['eq', `$${name}`, wanted], values, size);
  }
  const [kind, one, other] = condition;
  if (kind === 'content-length-range') {
    if (size > Number(other))
      return refused(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
    if (size < Number(one))
      return refused(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    return '';
  }
  const field = String(one).replace(/^\$/, '').toLowerCase();
  const value = values[field] ?? '';
  const holds = kind === 'eq' ? value === other : kind === 'starts-with' && value.startsWith(String(other));
  return holds
    ? field
    : denied(`Invalid according to Policy: Policy Condition failed: ${JSON.stringify(condition).replaceAll('<', '')}`);
}

/** What the form puts where, once its policy is signed, in time and holds for every field; or why not. */
export function objectOf(
  form: Form,
  { bucket, secret, now }: { bucket: string; secret: string; now: number },
): Posted | Refused {
  const policy = readPolicy(form.fields['policy'] ?? '');
  if (!policy) return denied('Access Denied');
  if (!isSigned(form, secret))
    return refused(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    );
  if (!(now <= Date.parse(policy.expiration))) return denied('Invalid according to Policy: Policy expired.');
  const values = { ...form.fields, bucket };
  const judged = policy.conditions.map((condition) => judge(condition, values, form.file.length));
  const failed = judged.find((one) => typeof one !== 'string');
  if (failed !== undefined) return failed;
  const extra = Object.keys(form.fields).find((name) => !FREE.test(name) && !judged.includes(name));
  if (extra) return denied(`Invalid according to Policy: Extra input fields: ${extra}`);
  const key = (form.fields['key'] ?? '').replace('${filename}', form.fileName);
  if (key === '') return refused(400, 'InvalidArgument', 'Bucket POST must contain a field named "key".');
  const asked = Number(form.fields['success_action_status']);
  return { key, status: [200, 201].includes(asked) ? asked : 204, headers: form.fields };
}
