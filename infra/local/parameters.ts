import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './data-folder.ts';
import type { JsonAnswer } from './kms.ts';
import { arnOf } from './resource-types.ts';
import { ofType, type Resource } from './resources.ts';

interface SsmRequest {
  Name?: string;
  Names?: string[];
  Path?: string;
  Recursive?: boolean;
  MaxResults?: number;
  NextToken?: string;
  Value?: string;
  Type?: string;
  Overwrite?: boolean;
}

interface Stored {
  Value: string;
  Type: string;
  Version: number;
}

/** Answers an operation of Systems Manager's parameters, or undefined where there is none of this name. */
export type Parameters = (operation: string, request: SsmRequest) => JsonAnswer | undefined;

const TYPES = ['String', 'StringList'];
const PAGE = 10;

const failure = (type: string, message: string): JsonAnswer => ({ status: 400, body: { __type: type, message } });
const ok = (body: object): JsonAnswer => ({ status: 200, body });

/** The template's parameters and what was put since, kept in the data folder. Plain text only: secrets have their own double. */
export function openParameters(resources: readonly Resource[], folder: string): Parameters {
  const file = join(folder, 'parameters.json');
  const all = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Stored>) : {};
  for (const { name, properties } of ofType<{ Name?: string; Type: string; Value: string }>(
    resources,
    'AWS::SSM::Parameter',
  )) {
    all[properties.Name ?? name] ??= { Value: properties.Value, Type: properties.Type, Version: 1 };
  }

  const shown = (Name: string) => ({
    Name,
    ARN: arnOf('ssm', `parameter${Name.startsWith('/') ? '' : '/'}${Name}`),
    DataType: 'text',
    ...all[Name],
  });

  function getParameter({ Name = '' }: SsmRequest): JsonAnswer {
    return Name in all ? ok({ Parameter: shown(Name) }) : failure('ParameterNotFound', '');
  }

  function getParameters({ Names = [] }: SsmRequest): JsonAnswer {
    const known = [...new Set(Names)].filter((name) => name in all);
    return ok({ Parameters: known.map(shown), InvalidParameters: Names.filter((name) => !(name in all)) });
  }

  function getParametersByPath({ Path = '', Recursive = false, MaxResults = PAGE, NextToken }: SsmRequest): JsonAnswer {
    if (!Path.startsWith('/')) return failure('ValidationException', 'The parameter path must begin with a slash.');
    const under = Path.endsWith('/') ? Path : `${Path}/`;
    const found = Object.keys(all)
      .filter((name) => name.startsWith(under) && (Recursive || !name.slice(under.length).includes('/')))
      .toSorted((one, other) => (one < other ? -1 : 1));
    const from = Number(NextToken ?? 0);
    const left = found.length > from + MaxResults;
    return ok({
      Parameters: found.slice(from, from + MaxResults).map(shown),
      ...(left && { NextToken: String(from + MaxResults) }),
    });
  }

  function putParameter({ Name = '', Value = '', Type, Overwrite = false }: SsmRequest): JsonAnswer {
    const before = all[Name];
    const type = Type ?? before?.Type;
    if (Name === '' || Value === '' || !type || !TYPES.includes(type))
      return failure(
        'ValidationException',
        `Name, Value and Type (${TYPES.join(', ')}; no other runs here) are needed.`,
      );
    if (before && !Overwrite) return failure('ParameterAlreadyExists', 'The parameter already exists.');
    all[Name] = { Value, Type: type, Version: (before?.Version ?? 0) + 1 };
    writeWhole(file, JSON.stringify(all, null, 2), 0o600);
    return ok({ Version: all[Name].Version, Tier: 'Standard' });
  }

  const operations: Record<string, (request: SsmRequest) => JsonAnswer> = {
    GetParameter: getParameter,
    GetParameters: getParameters,
    GetParametersByPath: getParametersByPath,
    PutParameter: putParameter,
  };
  return (operation, request) => operations[operation]?.(request);
}
