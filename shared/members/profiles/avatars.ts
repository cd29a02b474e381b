import { imageSize } from 'image-size';
import { Refusal } from '../../errors.ts';
import { now } from '../../platform/clock.ts';
import { type By, idUnderKey } from '../../platform/ids.ts';
import { deleteObject, formFor, readObject, writeObject } from '../../providers/objects.ts';
import { exchange } from '../../table/commit.ts';
import { findMember, notErased } from '../store.ts';
import { pictureAlone } from './pictures.ts';
import { AVATAR, avatarKey, PICTURES } from './rules.ts';
import { findProfile, type StoredProfile, writeProfile } from './store.ts';

/** Where a browser sends it; what lies there has not been looked at and is forgotten after a day. */
const incomingKey = (memberId: string, uploadId: string): string => `incoming/${memberId}/${uploadId}`;

/** A form for one picture; the same key again is the same upload, with a form that is good for as long again. */
export async function openUpload(memberId: string, contentType: string, { caller, route, key }: By) {
  const member = await findMember(memberId, 'consistent');
  if (member?.erasedAt !== undefined) throw new Refusal('members.erased');
  const uploadId = await idUnderKey('upl', caller, `${route} ${contentType}`, key);
  const { maxBytes, formSeconds: seconds } = AVATAR;
  const expiresAt = now() + seconds * 1_000;
  const form = await formFor(incomingKey(memberId, uploadId), { contentType, maxBytes, seconds });
  return { uploadId, url: form.url, fields: form.fields, maxBytes, expiresAt };
}

function sizeOf(bytes: Uint8Array): ReturnType<typeof imageSize> | undefined {
  try {
    return imageSize(bytes);
  } catch {
    // It says by an error that it knows no such picture, which the caller is told in our words.
    return undefined;
  }
}

/** The picture that these bytes are, and nothing that they say beside it; refuses what is none of the type it was sent as. */
function pictureOf(bytes: Uint8Array, contentType: string): Uint8Array {
  if (bytes.length > AVATAR.maxBytes)
    throw new Refusal('members.picture_invalid', { why: 'BYTES', maxBytes: AVATAR.maxBytes });
  const { type = '', width = 0, height = 0, orientation } = sizeOf(bytes) ?? {};
  const known: Record<string, string> = PICTURES;
  if (known[type] !== contentType) throw new Refusal('members.picture_invalid', { why: 'TYPE', contentType });
  const fits = (pixels: number) => pixels >= 1 && pixels <= AVATAR.maxPixels;
  if (!fits(width) || !fits(height))
    throw new Refusal('members.picture_invalid', { why: 'PIXELS', width, height, maxPixels: AVATAR.maxPixels });
  const alone = pictureAlone(bytes, contentType, { orientation });
  if (!alone) throw new Refusal('members.picture_invalid', { why: 'TYPE', contentType });
  return alone;
}

async function setInProfile(memberId: string, avatar: StoredProfile['avatar']): Promise<void> {
  await exchange(async () => {
    const profile = await findProfile(memberId);
    if (profile?.avatar?.uploadId === avatar?.uploadId) return { writes: [], answer: null };
    const { avatar: _, ...rest } = profile ?? {};
    const next = { ...rest, ...(avatar && { avatar }) };
    return { writes: [notErased(memberId), writeProfile(memberId, profile, next)], answer: null };
  });
}

/**
 * Makes an uploaded picture the member's. The bytes that were checked are written to another key: the form could put
 * others in their place afterwards. A repeat finds it done, also when the upload is forgotten by then.
 */
export async function setAvatar(memberId: string, uploadId: string): Promise<void> {
  const upload = await readObject(incomingKey(memberId, uploadId));
  if (!upload) {
    const profile = await findProfile(memberId);
    if (profile?.avatar?.uploadId === uploadId) return;
    throw new Refusal('members.upload_not_found');
  }
  const picture = pictureOf(upload.bytes, upload.contentType);
  await writeObject(avatarKey(memberId), picture, upload.contentType);
  try {
    await setInProfile(memberId, { uploadId, at: now() });
  } catch (error) {
    // Who was erased meanwhile leaves no picture behind.
    if (error instanceof Refusal && error.code === 'members.erased') await deleteObject(avatarKey(memberId));
    throw error;
  }
}

/** Takes the picture away, the bytes first: a try that stopped between is mended by the next. */
export async function removeAvatar(memberId: string): Promise<void> {
  await deleteObject(avatarKey(memberId));
  await setInProfile(memberId, undefined);
}
