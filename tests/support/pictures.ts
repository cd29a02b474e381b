import { crc32, deflateSync } from 'node:zlib';

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), body]);
  return Buffer.concat([uint32(body.length), named, uint32(crc32(named))]);
}

/** A whole PNG, grey all over. */
export function png(width = 2, height = 2): Buffer {
  const header = Buffer.concat([uint32(width), uint32(height), Buffer.from([8, 0, 0, 0, 0])]);
  const rows = deflateSync(Buffer.alloc((width + 1) * Math.min(height, 8)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** The head of a JPEG: APP0 and the frame with its dimensions. */
export function jpeg(width = 2, height = 2): Buffer {
  const app0 = Buffer.from('ffe000104a46494600010100000100010000', 'hex');
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 17, 0]);
  return Buffer.concat([Buffer.from('ffd8', 'hex'), app0, frame, Buffer.from('ffd9', 'hex')]);
}

/** The head of an extended WebP. */
export function webp(width = 2, height = 2): Buffer {
  const body = Buffer.alloc(10);
  body.writeUIntLE(width - 1, 4, 3);
  body.writeUIntLE(height - 1, 7, 3);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(22);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(10);
  return Buffer.concat([Buffer.from('RIFF'), size, Buffer.from('WEBPVP8X'), length, body]);
}

/**
 * Whole pictures of 6 × 4 pixels with all that may stand beside them, each word of it with CANARY in it: Exif with a
 * place, XMP, texts and a time; and a colour profile, which stays. A progressive JPEG to be turned, a PNG, a WebP.
 */
const TOLD = {
  'image/jpeg': [
    '/9j/4AAQSkZJRgABAQAAAQABAAD/4QDERXhpZgAATU0AKgAAAAgAAwEPAAIAAAAMAAAAMgESAAMAAAABAAYAAIglAAQAAAABAAAA',
    'PgAAAABDQU5BUlktTUFLRQAABQABAAIAAAACTgAAAAACAAUAAAADAAAAgAADAAIAAAACRQAAAAAEAAUAAAADAAAAmAAdAAIAAAAL',
    'AAAAsAAAAAAAAAAeAAAAAQAAAA8AAAABAAAADAAAAAEAAAB4AAAAAQAAAAkAAAABAAAAAwAAAAFDQU5BUlktR1BTAAD/4QAwaHR0',
    'cDovL25zLmFkb2JlLmNvbS94YXAvMS4wLwA8eD5DQU5BUlktWE1QPC94Pv/iADdJQ0NfUFJPRklMRQABAQAAACBsY21zSUNDLVBS',
    'T0ZJTEUtT0YtVEVTVFMtMDEyMzQ1Njc4Of/+ABBDQU5BUlktQ09NTUVOVP/bAEMAKBweIx4ZKCMhIy0rKDA8ZEE8Nzc8e1hdSWSR',
    'gJmWj4CMiqC05sOgqtqtiozI/8va7vX///+bwf////r/5v3/+P/bAEMBKy0tPDU8dkFBdviljKX4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4',
    '+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+P/CABEIAAQABgMBIgACEQEDEQH/xAAVAAEBAAAAAAAAAAAAAAAAAAAAAv/E',
    'ABUBAQEAAAAAAAAAAAAAAAAAAAEC/9oADAMBAAIQAxAAAAGAX//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAQUCf//EABUR',
    'AQEAAAAAAAAAAAAAAAAAAAEA/9oACAEDAQE/AQL/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAECAQE/AX//xAAUEAEAAAAAAAAA',
    'AAAAAAAAAAAA/9oACAEBAAY/An//xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAE/IX//2gAMAwEAAgADAAAAEPf/xAAWEQAD',
    'AAAAAAAAAAAAAAAAAAAAETH/2gAIAQMBAT8QSh//xAAVEQEBAAAAAAAAAAAAAAAAAAABAP/aAAgBAgEBPxAC/8QAFhAAAwAAAAAA',
    'AAAAAAAAAAAAAAER/9oACAEBAAE/EKz/2Q==',
  ].join(''),
  'image/png': [
    'iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAIAAAAiZtkUAAAAPGlDQ1BJQ0MgUHJvZmlsZQAAeJxjYGBQyEnOLfZ0dtYNCPJ38/Rx',
    '1fV30w1xDQ4J1jUwNDI2MTUzt7AEAMAoCZmzfbyaAAAAEnRFWHRBdXRob3IAQ0FOQVJZLVRFWFS7ntRdAAAAGnpUWHRaAAB4nHN2',
    '9HMMitSNCnGNCHGmMRsAwYwf21DouPMAAAAgaVRYdFhNTDpjb20uYWRvYmUueG1wAAAAAABDQU5BUlktWE1QtM3BHAAAAAd0SU1F',
    'B+oLFwQFBlIINd8AAAC8ZVhJZk1NACoAAAAIAAMBDwACAAAADAAAADIBEgADAAAAAQAGAACIJQAEAAAAAQAAAD4AAAAAQ0FOQVJZ',
    'LU1BS0UAAAUAAQACAAAAAk4AAAAAAgAFAAAAAwAAAIAAAwACAAAAAkUAAAAABAAFAAAAAwAAAJgAHQACAAAACwAAALAAAAAAAAAA',
    'HgAAAAEAAAAPAAAAAQAAAAwAAAABAAAAeAAAAAEAAAAJAAAAAQAAAAMAAAABQ0FOQVJZLUdQUwAAmoOMeQAAABdJREFUeJxjZDjB',
    'wPmTFRmxmF2TI0sIAKijGOCDlSdIAAAAAElFTkSuQmCC',
  ].join(''),
  'image/webp': [
    'UklGRlgBAABXRUJQVlA4WAoAAAAsAAAABQAAAwAASUNDUCcAAAAAAAAgbGNtc0lDQy1QUk9GSUxFLU9GLVRFU1RTLTAxMjM0NTY3',
    'ODkAVlA4ICwAAABwAQCdASoGAAQABUB8JbACdAFAAAD+3JDebr5Kvw90uP7PmrLX8BXmOd0AAEVYSUa8AAAATU0AKgAAAAgAAwEP',
    'AAIAAAAMAAAAMgESAAMAAAABAAYAAIglAAQAAAABAAAAPgAAAABDQU5BUlktTUFLRQAABQABAAIAAAACTgAAAAACAAUAAAADAAAA',
    'gAADAAIAAAACRQAAAAAEAAUAAAADAAAAmAAdAAIAAAALAAAAsAAAAAAAAAAeAAAAAQAAAA8AAAABAAAADAAAAAEAAAB4AAAAAQAA',
    'AAkAAAABAAAAAwAAAAFDQU5BUlktR1BTAABYTVAgEQAAADx4PkNBTkFSWS1YTVA8L3g+AA==',
  ].join(''),
};

export const telling = (type: keyof typeof TOLD): Buffer => Buffer.from(TOLD[type], 'base64');
