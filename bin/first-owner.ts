import { parseArgs } from 'node:util';

const USAGE = `npm run first-owner -- --secret NAME
Prints the secret by which the first owner of the staff is invited (docs/RUNBOOK.md#first-owner). NAME is the output
KeysSecretName of the Data stack; AWS credentials and region are taken from the environment.`;

const { secret } = parseArgs({ options: { secret: { type: 'string' } }, strict: false }).values;
if (typeof secret !== 'string' || secret === '') {
  console.error(USAGE);
  process.exit(1);
}
process.env.KEYS_SECRET = secret;
const { firstOwnerSecret } = await import('../shared/staff/enrolment.ts');
console.log(await firstOwnerSecret());
