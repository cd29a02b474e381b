import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../shared/partners/rules.ts';
import { permissionsOf, ROLES, type Role, waitSeconds } from '../../shared/staff/rules.ts';

/** What no person may: it does alone what else takes two, or moves points by the file. */
const CLIENTS_ONLY = ['points.adjust_alone', 'points.import', 'programme.write_alone', 'staff.manage_alone'];
const roles = Object.keys(ROLES) as Role[];

describe('roles', () => {
  it('name permissions that there are, and together all that a person may have', () => {
    expect(permissionsOf(roles)).toEqual(PERMISSIONS.filter((one) => !CLIENTS_ONLY.includes(one)).toSorted());
  });

  it('add up', () => {
    expect(permissionsOf([])).toEqual(['staff.self']);
    const both = permissionsOf(['merchandiser', 'auditor']);
    expect(both).toEqual([...new Set([...permissionsOf(['merchandiser']), ...permissionsOf(['auditor'])])].toSorted());
  });

  it('let an auditor read everything and change nothing', () => {
    const reads = PERMISSIONS.filter((one) => one.endsWith('.read'));
    expect(permissionsOf(['auditor'])).toEqual([...reads, 'staff.self'].toSorted());
  });
});

describe('the wait after wrong tries', () => {
  it.each([
    [1, 0],
    [4, 0],
    [5, 30],
    [6, 60],
    [7, 120],
    [11, 1_920],
    [12, 3_600],
    [1_000, 3_600],
  ])('after %d is %d s', (failures, seconds) => {
    expect(waitSeconds(failures)).toBe(seconds);
  });
});
