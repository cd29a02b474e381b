import type { _Record, AttributeValue } from '@aws-sdk/client-dynamodb-streams';

type Image = Record<string, unknown>;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** One value as Lambda writes it: binary as base64, everything else as DynamoDB's JSON. */
function valueOf(value: AttributeValue): unknown {
  if (value.B) return { B: base64(value.B) };
  if (value.BS) return { BS: value.BS.map(base64) };
  if (value.L) return { L: value.L.map(valueOf) };
  if (value.M) return { M: imageOf(value.M) };
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}

function imageOf(image: Record<string, AttributeValue> | undefined): Image | undefined {
  return image && Object.fromEntries(Object.entries(image).map(([name, value]) => [name, valueOf(value)]));
}

/** A record of the stream as Lambda hands it to a function. */
export function lambdaRecord(record: _Record, eventSourceARN: string): Image {
  const { dynamodb = {} } = record;
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: eventSourceARN.split(':')[3],
    eventSourceARN,
    ...(record.userIdentity && { userIdentity: record.userIdentity }),
    dynamodb: {
      ApproximateCreationDateTime: (dynamodb.ApproximateCreationDateTime?.getTime() ?? 0) / 1_000,
      Keys: imageOf(dynamodb.Keys),
      NewImage: imageOf(dynamodb.NewImage),
      OldImage: imageOf(dynamodb.OldImage),
      SequenceNumber: dynamodb.SequenceNumber,
      SizeBytes: dynamodb.SizeBytes,
      StreamViewType: dynamodb.StreamViewType,
    },
  };
}
