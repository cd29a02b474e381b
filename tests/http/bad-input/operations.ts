import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { default as addFormats } from 'ajv-formats';
import document from '../../../openapi.json' with { type: 'json' };
import { contracts } from '../../../shared/contracts.ts';
import { mediaOf, type Row } from '../../../shared/http/contract.ts';

/** As much of JSON Schema as the document uses. */
export interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
  examples?: unknown[];
}

interface Described {
  requestBody?: { content: Record<string, { schema: Schema }> };
  parameters?: { in: string; name: string; required?: boolean; schema: Schema }[];
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

/** An operation of the document, beside the row that it was made of. */
export interface Operation {
  name: string;
  row: Row;
  media: string;
  body: Schema | undefined;
  query: [name: string, Schema, required: boolean][];
  params: string[];
  /** Whether the document takes this body. */
  takes(body: unknown): boolean;
  /** What the document finds wrong with this answer; nothing that it does not name may be in one. */
  faultsIn(status: number, media: string, body: unknown): unknown[];
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (to: Ajv2020) => void)(ajv);
ajv.addSchema(document, 'openapi.json');

const absolute = (schema: Schema): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi.json#/components')) as Schema;

/** A schema by its name, where it is only named. */
export function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name ? ((document.components.schemas as unknown as Record<string, Schema>)[name] as Schema) : schema;
}

function described(row: Row): Described {
  const paths = document.paths as unknown as Record<string, Record<string, Described>>;
  return paths[row.path]?.[row.method.toLowerCase()] as Described;
}

function operationOf(name: string, row: Row): Operation {
  const { requestBody, parameters = [], responses } = described(row);
  const media = mediaOf(row);
  const body = requestBody?.content[media]?.schema;
  const validators = new Map<string, ValidateFunction>();
  const validatorOf = (key: string, schema: Schema) => {
    const validate = validators.get(key) ?? ajv.compile(absolute(schema));
    validators.set(key, validate);
    return validate;
  };
  return {
    name,
    row,
    media,
    body,
    query: parameters.filter((one) => one.in === 'query').map((one) => [one.name, one.schema, one.required ?? false]),
    params: parameters.filter((one) => one.in === 'path').map((one) => one.name),
    takes: (given) => body !== undefined && validatorOf('body', body)(given),
    faultsIn: (status, type, given) => {
      const answer = responses[String(status)];
      if (!answer) return [`${status} is not in the document`];
      if (status === 204) return given === undefined ? [] : ['204 with a body'];
      const schema = answer.content?.[type]?.schema;
      if (!schema) return [`${status} as ${type} is not in the document`];
      const validate = validatorOf(`${status} ${type}`, schema);
      return validate(given) ? [] : (validate.errors ?? []);
    },
  };
}

/** Every operation of the API but its own description. */
export const operations: Operation[] = contracts
  .filter(({ name }) => name !== 'front-door')
  .flatMap(({ name, rows }) => Object.entries(rows).map(([row, is]) => operationOf(`${name}.${row}`, is)));
