import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';

type Schema = Record<string, unknown>;
type Content = Record<string, { schema?: Schema }>;

interface Parameter {
  in: 'query' | 'header' | 'path';
  name: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}

interface Operation {
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content; headers?: unknown }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const DOCUMENT = new URL('../openapi.json', import.meta.url);
const FILE = new URL('../client/points-mall.ts', import.meta.url);

const HEAD = `// Made out of openapi.json by \`npm run client-types -- --write\`: mend the contracts, not this file.
import createClient, { type Client, type ClientOptions } from 'openapi-fetch';

/** Every route of Points Mall with the types of what it takes and answers; \`baseUrl\` says where it is. */
export function pointsMall(options: ClientOptions): Client<Paths> {
  return createClient<Paths>(options);
}
`;

const never: Schema = { tsType: 'never' };

/** An object with these properties and no others; those of `optional` may be left out. */
function exactly(properties: Record<string, Schema>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

function parametersIn(place: Parameter['in'], all: readonly Parameter[]): Schema {
  const here = all.filter((parameter) => parameter.in === place);
  if (here.length === 0) return never;
  const optional = here.filter(({ required }) => !required).map(({ name }) => name);
  return exactly(Object.fromEntries(here.map(({ name, schema }) => [name, schema])), optional);
}

function parametersOf(all: readonly Parameter[] = []): Schema {
  const places = ['query', 'header', 'path'] as const;
  const needed = places.filter((place) => all.some((parameter) => parameter.in === place && parameter.required));
  const properties = Object.fromEntries(places.map((place) => [place, parametersIn(place, all)]));
  return exactly(
    { ...properties, cookie: never },
    [...places, 'cookie'].filter((place) => !needed.some((one) => one === place)),
  );
}

/** What every operation may answer has a name, or the file would be twice as long. */
const REFUSALS: Record<string, string[]> = {
  Refused: ['application/problem+json'],
  RefusedByGateway: ['application/json'],
  RefusedByEither: ['application/problem+json', 'application/json'],
};

const refusals = Object.fromEntries(
  Object.entries(REFUSALS).map(([name, media]) => {
    const said = (one: string) => ({ $ref: `#/definitions/${one.includes('problem') ? 'Problem' : 'GatewayRefusal'}` });
    return [name, exactly({ content: exactly(Object.fromEntries(media.map((one) => [one, said(one)]))) })];
  }),
);

function contentOf(content: Content | undefined): Schema {
  if (!content) return exactly({ content: never }, ['content']);
  const all = Object.values(content).map(({ schema }) => String(schema?.$ref));
  const isRefusal = all.every((ref) => /\/(Problem|GatewayRefusal)$/.test(ref));
  const known = Object.entries(REFUSALS).find(([, names]) => names.join() === Object.keys(content).join());
  if (isRefusal && known) return { $ref: `#/definitions/${known[0]}` };
  const media = Object.entries(content).map(([name, { schema = {} }]) => [name, schema] as const);
  return exactly({ content: exactly(Object.fromEntries(media)) });
}

function operationOf({ summary, parameters, requestBody, responses }: Operation): Schema {
  const answers = Object.entries(responses).map(([status, { content }]) => [status, contentOf(content)] as const);
  const body = requestBody ? contentOf(requestBody.content) : never;
  const fields = {
    parameters: parametersOf(parameters),
    requestBody: body,
    responses: exactly(Object.fromEntries(answers)),
  };
  return { ...exactly(fields, requestBody?.required ? [] : ['requestBody']), description: summary };
}

/** A reference stands alone, under the name where the compiler looks for it. */
function renamed(document: Document): Document {
  const text = JSON.stringify(document, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('$ref' in value) || typeof value.$ref !== 'string')
      return value;
    return { $ref: value.$ref.replace('#/components/schemas/', '#/definitions/') };
  });
  return JSON.parse(text) as Document;
}

/** The client: `Paths` in the form that openapi-fetch reads, and each schema of the document by its name. */
export async function clientOf(document: Document): Promise<string> {
  const { paths, components } = renamed(document);
  const routes = Object.entries(paths).map(([path, methods]) => {
    const operations = Object.entries(methods).map(([method, operation]) => [method, operationOf(operation)] as const);
    return [path, exactly(Object.fromEntries(operations))] as const;
  });
  const whole = { ...exactly(Object.fromEntries(routes)), definitions: { ...components.schemas, ...refusals } };
  const types = await compile(whole, 'Paths', {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    unknownAny: true,
    customName: (_, name) => name,
    style: { singleQuote: true, printWidth: 120, trailingComma: 'all' },
  });
  const tidied = types
    .replaceAll(/\n \*\n \* This interface was referenced by [\s\S]*?(?=\n \*\/)/g, '')
    .replaceAll(/\/\*\*\n \* This interface was referenced by [\s\S]*?\*\/\n/g, '')
    // Statuses are numbers to openapi-fetch.
    .replaceAll(/^( +)['"](\d{3})['"]: /gm, '$1$2: ');
  return `${HEAD}\n${tidied}`;
}

if (import.meta.main) {
  const client = await clientOf(JSON.parse(readFileSync(DOCUMENT, 'utf8')) as Document);
  if (process.argv.includes('--write')) {
    writeFileSync(FILE, client);
  } else if (process.argv.includes('--check')) {
    if (readFileSync(FILE, 'utf8') !== client) {
      console.error(
        'client/points-mall.ts is not what openapi.json says: run `npm run client-types -- --write` and commit it.',
      );
      process.exitCode = 1;
    }
  } else {
    process.stdout.write(client);
  }
}
