import { imageSize } from 'image-size';
import { describe, expect, it } from 'vitest';
import { pictureAlone } from '../../../shared/members/profiles/pictures.ts';
import { jpeg, png, telling, webp } from '../../support/pictures.ts';

const TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
type Type = (typeof TYPES)[number];

/** Of each type what must be gone and what must be there. */
const GONE = /CANARY|Exif\0|eXIf|EXIF|XMP|tEXt|zTXt|iTXt|tIME/;
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1');
const alone = (bytes: Uint8Array, type: Type, orientation?: number) => pictureAlone(bytes, type, { orientation });

const hex = (given: string) => Buffer.from(given.replaceAll(' ', ''), 'hex');
const latin = (given: string) => Buffer.from(given, 'latin1');
/** A JPEG with this behind its JFIF. */
const jpegWith = (...parts: Buffer[]) => Buffer.concat([jpeg().subarray(0, 20), ...parts, jpeg().subarray(20)]);
const segment = (marker: string, body: string) => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length + 2);
  return Buffer.concat([hex(`ff${marker}`), length, latin(body)]);
};

describe('a picture alone', () => {
  it.each(TYPES)('is as large and has its colours, of a %s, and says nothing more', (type) => {
    const before = telling(type);
    expect(text(before)).toMatch(/CANARY-GPS/);
    const after = alone(before, type);
    expect(text(after)).not.toMatch(GONE);
    expect(text(after)).toMatch(type === 'image/png' ? /iCCP/ : /ICC-PROFILE-OF-TESTS/);
    const { width, height } = imageSize(after ?? Buffer.alloc(0));
    expect([width, height]).toEqual([6, 4]);
    expect(alone(after ?? before, type)).toEqual(after);
  });

  it.each([png(), jpeg(), webp()])('is what was sent where there is nothing beside it', (bytes) => {
    const { type = '' } = imageSize(bytes);
    expect(alone(bytes, `image/${type === 'jpg' ? 'jpeg' : type}` as Type)).toEqual(bytes);
  });

  it.each([2, 3, 4, 5, 6, 7, 8])('is turned as it was by %i, and says of its camera only that', (orientation) => {
    const after = alone(telling('image/jpeg'), 'image/jpeg', orientation);
    expect(imageSize(after ?? Buffer.alloc(0))).toMatchObject({ width: 6, height: 4, orientation });
    expect(text(after).split('Exif\0\0')).toHaveLength(2);
    expect(text(after)).not.toMatch(/CANARY|XMP/);
  });

  it.each([undefined, 0, 1, 9, 65_535])('is upright when it says %s', (orientation) => {
    expect(text(alone(telling('image/jpeg'), 'image/jpeg', orientation))).not.toContain('Exif');
  });

  it.each(TYPES)('ends where it ends: what hangs behind a %s goes', (type) => {
    const after = alone(Buffer.concat([telling(type), latin('CANARY-TAIL')]), type);
    expect(after).toEqual(alone(telling(type), type));
  });

  it.each([
    ['a thumbnail in JFIF', segment('e0', `JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01CANARYCANARY`)],
    ['a thumbnail in JFXX', segment('e0', 'JFXX\0\x10CANARY')],
    ['more pictures (MPF)', segment('e2', 'MPF\0CANARY')],
    ['IPTC of an editor', segment('ed', 'Photoshop 3.0\0CANARY')],
    ['what an application adds', segment('ef', 'CANARY')],
    ['an extension', segment('f0', 'CANARY')],
    ['a comment behind filling', Buffer.concat([hex('ffff'), segment('fe', 'CANARY')])],
  ])('of a JPEG is without %s', (_, part) => {
    const after = alone(jpegWith(part), 'image/jpeg');
    expect(text(after)).not.toContain('CANARY');
    expect(imageSize(after ?? Buffer.alloc(0))).toMatchObject({ width: 2, height: 2 });
  });

  it('of a JPEG has what colours need, of Adobe', () => {
    const adobe = segment('ee', 'Adobe\0d\0\0\0\0\x01');
    expect(alone(jpegWith(adobe), 'image/jpeg')).toEqual(jpegWith(adobe));
  });

  it('of a WebP says no more that there is Exif or XMP, and how long it is', () => {
    const after = Buffer.from(alone(telling('image/webp'), 'image/webp') ?? []);
    expect([telling('image/webp')[20], after[20]]).toEqual([0x2c, 0x20]);
    expect(after.readUInt32LE(4)).toBe(after.length - 8);
  });
});

describe('a file that is made otherwise', () => {
  it.each<[string, Type, Buffer]>([
    ['a segment longer than the file', 'image/jpeg', jpegWith(hex('ffe1 ffff 00'))],
    ['a segment shorter than its own length', 'image/jpeg', jpegWith(hex('ffe1 0001'))],
    ['no marker where one must be', 'image/jpeg', jpegWith(hex('00'))],
    ['a picture that begins within it', 'image/jpeg', jpegWith(hex('ffd8'))],
    ['a marker cut off', 'image/jpeg', hex('ffd8 ff')],
    ['nothing', 'image/jpeg', hex('')],
    ['a chunk of 4 GB', 'image/png', Buffer.concat([png().subarray(0, 33), hex('ffffffff'), latin('tEXtCANARY')])],
    ['no end', 'image/png', png().subarray(0, -12)],
    ['nothing', 'image/png', hex('')],
    [
      'a chunk of 4 GB',
      'image/webp',
      Buffer.concat([latin('RIFF\x20\0\0\0WEBPEXIF'), hex('ffffffff'), latin('CANARY')]),
    ],
    ['less than it says', 'image/webp', telling('image/webp').subarray(0, -1)],
    ['nothing', 'image/webp', hex('')],
  ])('%s, as %s, is none', (_, type, bytes) => {
    expect(alone(bytes, type)).toBeUndefined();
  });

  it.each(TYPES)('is none wherever a %s is cut off, or is without what stood beside it', (type) => {
    const whole = telling(type);
    for (let length = 0; length < whole.length; length += 1)
      expect(text(alone(whole.subarray(0, length), type)), `${length} bytes`).not.toMatch(GONE);
  });

  it.each(TYPES)('never throws, whichever byte of a %s is another', (type) => {
    const whole = telling(type);
    for (let at = 0; at < whole.length; at += 1)
      for (const value of [0x00, 0xff, 0xd8, 0x7f]) {
        const other = Buffer.from(whole);
        other[at] = value;
        const after = alone(other, type);
        expect(after === undefined || after.length <= whole.length, `${at}: ${value}`).toBe(true);
      }
  });

  it('of a type that we do not show is none', () => {
    expect(pictureAlone(png(), 'image/gif')).toBeUndefined();
  });
});
