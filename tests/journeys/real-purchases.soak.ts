import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect } from 'vitest';
import { programmeContract } from '../../shared/programme/contract.ts';
import { initialPolicy } from '../../shared/programme/initial-policy.ts';
import { asRuler, call } from '../support/call.ts';
import { openFront } from '../support/front.ts';
import { importsAll } from '../support/import-soak.ts';
import { type Importer, newImporter } from '../support/importing.ts';
import { openMall } from '../support/mall.ts';

const POLICIES = [
  { expiry: 'END_OF_YEAR', yearsMore: 0 },
  { expiry: 'END_OF_NEXT_YEAR', yearsMore: 1, totals: [261_852, 261_852, 4_566_333, 4_304_514] },
] as const;

for (const policy of POLICIES) {
  describe(`all real purchases and returns under ${policy.expiry}`, { shuffle: false, timeout: 1_800_000 }, () => {
    openMall();
    const front = openFront();
    let importer: Importer;
    beforeAll(async () => {
      importer = await newImporter(`importer-${randomUUID()}`);
      const [points, ...others] = initialPolicy.currencies;
      const currencies = [{ ...points, expiry: { policy: policy.expiry } }, ...others];
      const body = { ...initialPolicy, currencies };
      expect((await call(programmeContract, 'replace', { as: asRuler, body })).status).toBe(200);
    });

    importsAll({ ...policy, api: () => front.url, importer: () => importer, frozen: true });
  });
}
