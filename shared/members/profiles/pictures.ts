/**
 * What a file of a picture says beside the picture goes: where and when it was taken and with what, thumbnails, comments,
 * and whatever hangs behind its end. What is needed to show it stays, by lists of what that is. Nothing is decoded.
 */

type Picture = Uint8Array;

/** How a JPEG is to be turned, when it is not upright: cameras say so among the rest of what goes. */
interface Turned {
  orientation?: number | undefined;
}

/** A part that is not whole where it says it is. */
class Broken extends Error {}

const latin = (bytes: Picture, from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');

/** A part of the file, if all of it is there. */
function part(bytes: Picture, from: number, to: number): Picture {
  if (to < from || to > bytes.length) throw new Broken();
  return bytes.subarray(from, to);
}

function uint(bytes: Picture, at: number, size: 2 | 4, order: 'big' | 'little'): number {
  const read = Buffer.from(part(bytes, at, at + size));
  return order === 'big' ? read.readUIntBE(0, size) : read.readUIntLE(0, size);
}

/** An Exif segment that says nothing but how the picture is turned. */
function exifOf(orientation: number): Picture {
  const tiff = `4d4d002a000000080001011200030000000100${orientation.toString(16).padStart(2, '0')}000000000000`;
  return Buffer.from(`ffe10022${Buffer.from('Exif\0\0').toString('hex')}${tiff}`, 'hex');
}

/** JFIF without its thumbnail. */
function bareJfif(segment: Picture): Picture {
  return segment.length < 18
    ? segment
    : Buffer.concat([Buffer.from('ffe00010', 'hex'), segment.subarray(4, 16), Buffer.alloc(2)]);
}

/** What of a segment of a JPEG is kept: its frames, tables and scans, and of what applications add what colours need. */
function keptOf(marker: number, segment: Picture): Picture | undefined {
  if (marker === 0xe0) return latin(segment, 4, 9) === 'JFIF\0' ? bareJfif(segment) : undefined;
  if (marker === 0xe2) return latin(segment, 4, 16) === 'ICC_PROFILE\0' ? segment : undefined;
  if (marker === 0xee) return latin(segment, 4, 9) === 'Adobe' ? segment : undefined;
  // Of applications, of extensions, and comments.
  return marker > 0xe0 ? undefined : segment;
}

const NO_LENGTH = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** Where the coded bytes of a scan end: at a marker that is no part of them, or where the file does. */
function endOfScan(bytes: Picture, from: number): number {
  for (let at = from; at < bytes.length - 1; at += 1) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

function jpeg(bytes: Picture, { orientation = 1 }: Turned): Picture[] {
  const kept = [part(bytes, 0, 2)];
  const turned = orientation > 1 && orientation <= 8 ? [exifOf(orientation)] : [];
  for (let at = 2; at < bytes.length; ) {
    if (bytes[at] !== 0xff) throw new Broken();
    const marker = part(bytes, at + 1, at + 2)[0] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) return [...kept, part(bytes, at, at + 2)];
    if (NO_LENGTH(marker)) throw new Broken();
    const end = at + 2 + uint(bytes, at + 2, 2, 'big');
    if (end < at + 4) throw new Broken();
    const segment = part(bytes, at, end);
    const stays = keptOf(marker, segment);
    // Before the first of the others, and behind JFIF, which comes first.
    if (marker !== 0xe0) kept.push(...turned.splice(0));
    if (stays) kept.push(stays);
    at = end;
    if (marker === 0xda) {
      const over = endOfScan(bytes, end);
      kept.push(part(bytes, end, over));
      at = over;
    }
  }
  // The end of the last scan may be missing; browsers show what there is.
  return kept;
}

/** The chunks of a PNG by which it is shown, those of moving ones too. */
const PNG_CHUNKS =
  /^(IHDR|PLTE|IDAT|IEND|tRNS|bKGD|cHRM|gAMA|iCCP|sBIT|sRGB|cICP|mDCV|cLLI|pHYs|hIST|sPLT|acTL|fcTL|fdAT)$/;

function png(bytes: Picture): Picture[] {
  const kept = [part(bytes, 0, 8)];
  for (let at = 8; ; ) {
    const end = at + 12 + uint(bytes, at, 4, 'big');
    const name = latin(bytes, at + 4, at + 8);
    const chunk = part(bytes, at, end);
    if (PNG_CHUNKS.test(name)) kept.push(chunk);
    if (name === 'IEND') return kept;
    at = end;
  }
}

const WEBP_CHUNKS = /^(VP8 |VP8L|VP8X|ALPH|ANIM|ANMF|ICCP)$/;
/** The flags in VP8X that say there is Exif, and XMP. */
const SAYS_MORE = 0x08 | 0x04;

function webp(bytes: Picture): Picture[] {
  const end = 8 + uint(bytes, 4, 4, 'little');
  const chunks: Picture[] = [];
  for (let at = 12; at < end; ) {
    const size = uint(bytes, at + 4, 4, 'little');
    const name = latin(bytes, at, at + 4);
    // What has an odd size is filled up by one.
    const chunk = Uint8Array.from(part(bytes, at, at + 8 + size + (size % 2)));
    if (name === 'VP8X') chunk[8] = (chunk[8] ?? 0) & ~SAYS_MORE;
    if (WEBP_CHUNKS.test(name)) chunks.push(chunk);
    at += chunk.length;
  }
  const head = Buffer.from(part(bytes, 0, 12));
  head.writeUInt32LE(4 + chunks.reduce((sum, { length }) => sum + length, 0), 4);
  return [head, ...chunks];
}

const WAYS: Record<string, (bytes: Picture, turned: Turned) => Picture[]> = {
  'image/jpeg': jpeg,
  'image/png': png,
  'image/webp': webp,
};

/** The picture and nothing else; undefined where the file is not made as one of its type is. */
export function pictureAlone(bytes: Picture, contentType: string, turned: Turned = {}): Picture | undefined {
  const way = WAYS[contentType];
  try {
    return way && Buffer.concat(way(bytes, turned));
  } catch (error) {
    if (error instanceof Broken) return undefined;
    throw error;
  }
}
