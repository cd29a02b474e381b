import { authContract, loginCodesContract } from './auth/contract.ts';
import { identitiesContract } from './auth/identities-contract.ts';
import { catalogContract } from './catalog/contract.ts';
import { earningContract } from './earning/contract.ts';
import { frontDoorContract } from './front-door/contract.ts';
import type { Contract } from './http/contract.ts';
import { membersContract } from './members/contract.ts';
import { avatarsContract } from './members/profiles/avatars-contract.ts';
import { profilesContract } from './members/profiles/contract.ts';
import { ordersContract } from './orders/contract.ts';
import { partnersContract } from './partners/contract.ts';
import { webhooksContract } from './partners/webhooks/contract.ts';
import { pointsContract } from './points/contract.ts';
import { holdsContract } from './points/holds/contract.ts';
import { pointsStaffContract } from './points/staff-contract.ts';
import { uploadsContract } from './points/uploads/contract.ts';
import { privacyContract } from './privacy/contract.ts';
import { programmeContract } from './programme/contract.ts';
import { approvalsContract } from './staff/approvals/contract.ts';
import { staffContract } from './staff/contract.ts';
import { staffSessionsContract } from './staff/sessions-contract.ts';

/** Every route of the system, one contract a function. */
export const contracts: readonly Contract[] = [
  frontDoorContract,
  loginCodesContract,
  authContract,
  identitiesContract,
  membersContract,
  profilesContract,
  avatarsContract,
  staffContract,
  staffSessionsContract,
  partnersContract,
  webhooksContract,
  programmeContract,
  catalogContract,
  pointsContract,
  holdsContract,
  uploadsContract,
  pointsStaffContract,
  approvalsContract,
  earningContract,
  ordersContract,
  privacyContract,
];
