import * as z from 'zod';

const count = z.int();
const ids = z.array(z.string());
const instant = z.iso.datetime();

const fault = z.looseObject({
  in: z.enum(['path', 'query', 'header', 'body']).optional(),
  path: z.string().optional().meta({ description: 'Which field, with dots between: `lines.0.amountFen`' }),
  message: z.unknown().meta({ description: 'What is wrong with it; of an upload in both languages' }),
});

/** What a refusal says beside its code, where it helps: a name means the same in every refusal. */
export const details = {
  errors: z.array(fault).meta({ description: 'Which fields are wrong, or which rows of a file' }),
  retryAfterSeconds: count.meta({ description: 'As `Retry-After` says' }),
  waitSeconds: count.meta({ description: 'For so long nobody may log in by this name or from there' }),
  maxAgeSeconds: count.meta({ description: 'So long ago at most the login must be' }),
  needs: z.string().meta({ description: 'The scope or permission, or who, that this takes' }),
  unknown: ids.meta({ description: 'What of the request nobody knows' }),
  wrong: z.string().meta({ description: 'What is wrong with an address' }),
  why: z.string().meta({ description: 'What is wrong with a picture' }),
  wanted: z.unknown().meta({ description: 'The media types that are taken' }),
  coding: z.string().meta({ description: 'The content coding that is taken' }),
  maxBytes: count,
  maxPixels: count,
  width: count,
  height: count,
  contentType: z.string(),
  memberId: z.string(),
  heirId: z.string().meta({ description: 'Into whom the member was merged' }),
  staffId: z.string(),
  purpose: z.string().meta({ description: 'For what there is no consent' }),
  from: z.string().meta({ description: 'From when on it is taken; of an exchange: the currency' }),
  to: z.string().meta({ description: 'The currency' }),
  until: instant.meta({ description: 'Until when it is so, or was possible' }),
  most: count.meta({ description: 'How many there may be' }),
  least: count.meta({ description: 'How many it takes at least' }),
  limit: z.unknown().meta({ description: 'The bound that was met' }),
  missing: count.meta({ description: 'How many points are lacking' }),
  available: count.meta({ description: 'How many points can be spent' }),
  debt: count.meta({ description: 'How many points are owed' }),
  held: count.meta({ description: 'How many points are held' }),
  holdIds: ids,
  holdStatus: z.string(),
  orderIds: ids,
  orderStatus: z.string(),
  points: count,
  pricePoints: count.meta({ description: 'What it costs by now' }),
  currency: z.string(),
  lastDay: z.string(),
  maxPoints: count.meta({ description: 'How many points may be given at once' }),
  maxPointsPerDay: count,
  maxPointsAlone: count.meta({ description: 'How many points one may adjust, or merge, alone at once' }),
  leftToday: count.meta({ description: 'How many of them are left today' }),
  number: z.string().meta({ description: 'Of the purchase or return that was reported before' }),
  differs: ids.meta({ description: 'Which fields are not as they were reported before' }),
  lines: z.array(z.unknown()).meta({ description: 'What of each line can still be returned' }),
  leftFen: count.meta({ description: 'How much money can still be returned' }),
  version: count.meta({ description: 'The version that there is by now' }),
  timeZone: z.string(),
} as const satisfies Record<string, z.ZodType>;

/** A refusal of ours. */
export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string().meta({ description: 'In the language of Accept-Language, Chinese or English' }),
    status: z.int(),
    code: z.string().meta({ description: 'Stable; what programs go by', examples: ['points.insufficient'] }),
    instance: z.string().meta({ description: 'The id of the request, as in the log' }),
    ...Object.fromEntries(Object.entries(details).map(([name, field]) => [name, field.optional()])),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; each refusal has of the optional fields those that help' });
