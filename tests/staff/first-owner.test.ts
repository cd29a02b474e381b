import { expect, inject, it } from 'vitest';
import { hasFirstOwner } from '../../infra/local/first-owner.ts';
import { firstOwnerSecret } from '../../shared/staff/enrolment.ts';
import { openMall } from '../support/mall.ts';
import { acceptedBy, session, someName } from '../support/persons.ts';

openMall();

it('a local run shows the secret of the first owner until there is one, not only until they are invited', async () => {
  const has = () => hasFirstOwner({ table: process.env['TABLE_NAME'] ?? '', dynamodb: inject('dynamodb') });
  expect(await has()).toBe(false);
  const userName = someName();
  const { body } = await session('firstOwner', { secret: await firstOwnerSecret(), userName });
  expect(await has()).toBe(false);
  await acceptedBy(userName, body.invitation as string);
  expect(await has()).toBe(true);
});
