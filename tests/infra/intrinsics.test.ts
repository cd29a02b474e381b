import { describe, expect, it } from 'vitest';
import type { Stack } from '../../infra/local/assembly.ts';
import { resolve } from '../../infra/local/intrinsics.ts';
import { readResources } from '../../infra/local/resources.ts';

const data: Stack = {
  name: 'Data',
  template: {
    Resources: { TableABCDEF01: { Type: 'AWS::DynamoDB::Table' } },
    Outputs: { Table: { Value: { Ref: 'TableABCDEF01' }, Export: { Name: 'Data:Table' } } },
  },
};

const api: Stack = {
  name: 'Api',
  template: {
    Parameters: { Version: { Type: 'String', Default: '6' } },
    Conditions: {
      Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'local'] },
      There: { 'Fn::Not': [{ Condition: 'Here' }] },
    },
    Resources: {
      PointsApiFunctionABCDEF01: { Type: 'AWS::Lambda::Function' },
      SecretABCDEF01: { Type: 'AWS::SecretsManager::Secret' },
      RoleABCDEF01: { Type: 'AWS::IAM::Role' },
    },
  },
};

const stacks = [data, api];

describe('an intrinsic means on this machine what it means in the cloud', () => {
  it.each([
    ['Ref of a resource', { Ref: 'PointsApiFunctionABCDEF01' }, 'PointsApi'],
    [
      'Ref of a secret is its ARN',
      { Ref: 'SecretABCDEF01' },
      'arn:aws:secretsmanager:local:000000000000:secret:Secret-local0',
    ],
    ['Ref of a parameter with a default', { Ref: 'Version' }, '6'],
    [
      'GetAtt',
      { 'Fn::GetAtt': ['PointsApiFunctionABCDEF01', 'Arn'] },
      'arn:aws:lambda:local:000000000000:function:PointsApi',
    ],
    ['GetAtt of what is inert', { 'Fn::GetAtt': ['RoleABCDEF01', 'Arn'] }, 'Role.Arn'],
    ['Join', { 'Fn::Join': ['/', ['integrations', { Ref: 'AWS::AccountId' }]] }, 'integrations/000000000000'],
    [
      'Sub with names, attributes and literals',
      { 'Fn::Sub': ['${x}-${AWS::Region}-${!y}', { x: { Ref: 'Version' } }] },
      '6-local-${y}',
    ],
    ['Select and Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['ImportValue', { 'Fn::ImportValue': 'Data:Table' }, 'Table'],
    ['If', { 'Fn::If': ['There', 1, 2] }, 2],
    [
      'NoValue leaves its property out',
      { kept: 1, gone: { 'Fn::If': ['Here', { Ref: 'AWS::NoValue' }, 1] } },
      { kept: 1 },
    ],
    ['a plain value', { a: [1, 'b', null] }, { a: [1, 'b', null] }],
  ])('%s', (_, value, meaning) => {
    expect(resolve(value, { stack: api, stacks })).toEqual(meaning);
  });

  it.each([
    [{ 'Fn::FindInMap': ['a', 'b', 'c'] }, 'Api says Fn::FindInMap'],
    [{ Ref: 'Nobody' }, 'Api says Ref Nobody'],
    [{ 'Fn::GetAtt': ['PointsApiFunctionABCDEF01', 'Shape'] }, 'Api says Fn::GetAtt PointsApiFunctionABCDEF01.Shape'],
    [{ 'Fn::ImportValue': 'Elsewhere' }, 'Api says Fn::ImportValue Elsewhere'],
  ])('%j is refused by name', (value, message) => {
    expect(() => resolve(value, { stack: api, stacks })).toThrow(message);
  });
});

describe('a resource', () => {
  const holding = (Type: string, Condition?: string): Stack => ({
    name: 'Data',
    template: {
      Conditions: { Never: { 'Fn::Equals': [1, 2] } },
      Resources: { Thing12345678: { Type, ...(Condition && { Condition }) } },
    },
  });

  it('of a type that neither runs nor is known to be inert stops the start with its type and logical id', () => {
    expect(() => readResources([holding('AWS::EC2::NatGateway')])).toThrow(
      'Data holds Thing12345678 of type AWS::EC2::NatGateway',
    );
  });

  it('that is inert, or whose condition does not hold, is left out', () => {
    expect(readResources([holding('AWS::IAM::Role'), holding('AWS::EC2::NatGateway', 'Never')])).toEqual([]);
  });
});
