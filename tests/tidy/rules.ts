import { anywhere, classes, findings, type House, imports, ownImports, type Rule, whole, words } from './checks.ts';
import { type File, isTypeOnly, valuesOf } from './house.ts';
import {
  columnOf,
  inAudit,
  inBin,
  inDomain,
  inFunctions,
  inInfra,
  inKernel,
  inProduct,
  inShared,
  inTable,
  isContract,
  isNamesake,
  isPage,
  isPure,
  isSameRoom,
  isStore,
  PURE,
  saysWhatHappens,
  standsLeftOf,
} from './places.ts';

const CONTRACTS = 'shared/contracts.ts';
const OPEN_PAGES = ['shared/errors.ts', 'shared/events.ts', 'shared/calendar.ts'];
const INFRA_READS = [CONTRACTS, ...OPEN_PAGES, 'shared/table/keys.ts'];
const CONTRACT_READS = ['zod', 'shared/http/contract.ts', 'shared/http/fields.ts', 'shared/errors.ts'];
const PURE_READS = ['shared/errors.ts', 'shared/platform/calendar-day.ts', 'shared/platform/chain-seal.ts'];
const LISTS_OF_WRITES = ['shared/table/commit.ts', 'shared/table/writes.ts'];
const EXCHANGE = ['doneWhen', 'exchange', 'send'];
const CLOCK = 'shared/platform/clock.ts';
const ERRORS = 'shared/errors.ts';
const LONGEST_FILE = 250;

export const rules: readonly Rule[] = [
  // Who may import whom
  {
    name: 'bin loads infra and shared',
    says: 'bin loads infra, shared and audit, never functions: name the entry by its path and let infra bundle it.',
    check: ownImports((from, to) => inBin(from) && !inBin(to) && !inInfra(to) && !inShared(to) && !inAudit(to)),
  },
  {
    name: 'the auditor is independent',
    says: 'A second opinion shares nothing with what it judges: the auditor reads by Scan and writes down by itself what it must know; of ours it imports only infra/local, to find a table of this machine.',
    check: ownImports((from, to) => inAudit(from) && !inAudit(to) && !to.path.startsWith('infra/local/')),
  },
  {
    name: 'infra reads contracts and the five pages',
    says: `infra reads contracts and the five pages (${INFRA_READS.join(', ')}) and loads nothing that runs in the cloud: write what it needs on one of these, or name the entry by its path.`,
    check: ownImports((from, to) => {
      const isAContract = isContract(to) || to.path === 'shared/http/contract.ts';
      return inInfra(from) && !inInfra(to) && !isAContract && !INFRA_READS.includes(to.path);
    }),
  },
  {
    name: 'functions load shared and their own folder',
    says: 'A function loads shared and its own folder: move what two of them share into the domain that knows it, or let one wake the other by an event.',
    check: ownImports((from, to) => inFunctions(from) && !inShared(to) && !isSameRoom(from, to)),
  },
  {
    name: 'shared stands on its own',
    says: 'shared knows nothing of who uses it: move the piece into shared, or take it as an argument.',
    check: ownImports((from, to) => inShared(from) && !inShared(to)),
  },
  {
    name: 'the kernel knows no domain',
    says: 'The kernel knows no domain: let the domain hand in what the kernel needs, as an argument.',
    check: ownImports((from, to) => inKernel(from) && (inDomain(to) || to.path === CONTRACTS)),
  },
  {
    name: 'pages know no domain',
    says: `Only ${CONTRACTS} knows domains, and only their contracts: write the row itself on the page.`,
    check: ownImports((from, to) => isPage(from) && inDomain(to) && !(from.path === CONTRACTS && isContract(to))),
  },
  {
    name: 'domains call leftwards',
    says: 'Domains call leftwards only (DESIGN.md §1): let the left one announce an event (shared/events.ts) that wakes the right one.',
    check: ownImports((from, to) => {
      const isAnother = inDomain(from) && inDomain(to) && !isSameRoom(from, to);
      return isAnother && !standsLeftOf(to, from);
    }),
  },
  {
    name: 'domains call the namesake',
    says: 'Another domain is entered through its namesake (shared/points/points.ts for points): add what you need there.',
    check: ownImports((from, to) => {
      const isAnother = inDomain(from) && inDomain(to) && !isSameRoom(from, to);
      return isAnother && !isNamesake(to) && !isStore(to);
    }),
  },
  {
    name: 'domains read the open pages',
    says: `A domain reads ${OPEN_PAGES.join(', ')}; ${CONTRACTS} is for functions and infra: import your own contract.ts.`,
    check: ownImports((from, to) => inDomain(from) && isPage(to) && !OPEN_PAGES.includes(to.path)),
  },
  {
    name: 'a domain has its column',
    says: 'Nobody knows yet who may call it: give it a place in COLUMNS (tests/tidy/places.ts) and in DESIGN.md §1.',
    check: whole(inDomain, ({ room }) => (columnOf(room) < 0 ? `lies in ${room}, which has no column` : undefined)),
  },

  // The furniture of a domain
  {
    name: 'a contract is only a contract',
    says: `A contract can be read without loading what answers it, so it imports only ${CONTRACT_READS.join(', ')} and its domain's other contracts: write the schema here, or in fields.ts if others need it too.`,
    check: imports((from, to, { target }) => {
      const isNeighbour = to !== undefined && isContract(to) && isSameRoom(from, to);
      return isContract(from) && !isNeighbour && !CONTRACT_READS.includes(target);
    }),
  },
  {
    name: 'pure files import pure files',
    says: `A pure file (${PURE.join(', ')}) imports its domain's pure files, ${PURE_READS.join(', ')}, and types; seal.ts also node:crypto: take what it needs as an argument.`,
    check: imports((from, to, asked) => {
      if (!isPure(from) || isTypeOnly(asked) || PURE_READS.includes(asked.target)) return false;
      const isNeighbour = to !== undefined && isPure(to) && isSameRoom(from, to);
      const isSeal = from.name === 'seal.ts' && asked.target === 'node:crypto';
      return !isNeighbour && !isSeal;
    }),
  },
  {
    name: 'pure files only compute',
    says: 'A pure file has no clock, no chance, no environment and waits for nothing: take the instant, the number or the setting as an argument.',
    check: words(isPure, {
      await: /\bawait\b/,
      async: /\basync\b/,
      'process.env': /\bprocess\s*\.\s*env\b/,
      'Date.now': /\bDate\s*\.\s*now\b/,
      'new Date': /\bnew\s+Date\b/,
      'Temporal.Now': /\bTemporal\s*\.\s*Now\b/,
      'Math.random': /\bMath\s*\.\s*random\b/,
    }),
  },
  {
    name: 'a store is private',
    says: 'A store belongs to its domain alone: ask the domain through its namesake.',
    check: ownImports((from, to) => (inProduct(from) || inBin(from)) && isStore(to) && !isSameRoom(from, to)),
  },
  {
    name: 'only stores touch the table',
    says: `Only store.ts and the kernel touch shared/table; the other files take no more than ${EXCHANGE.join(', ')} and types from ${LISTS_OF_WRITES.join(' and ')}: move the rest into the domain's store.ts.`,
    check: ownImports((from, to, asked) => {
      if (!inProduct(from) || inKernel(from) || isStore(from) || !inTable(to)) return false;
      const isListOfWrites =
        LISTS_OF_WRITES.includes(to.path) && valuesOf(asked).every((name) => EXCHANGE.includes(name));
      return !(saysWhatHappens(from) && isListOfWrites);
    }),
  },
  {
    name: 'DynamoDB is spoken in few places',
    says: "DynamoDB is spoken in shared/table, in a domain's store.ts, in infra/local, in tests/support, in bin/bench, which counts what is said, and in audit/scan.ts, which may share no reader with what it judges: ask one of these.",
    check: imports((from, _, { target }) => {
      const maySpeak =
        inTable(from) ||
        isStore(from) ||
        /^(infra\/local\/|tests\/support\/|bin\/bench\/|audit\/scan\.ts$)/.test(from.path);
      return /^@aws-sdk\/.*dynamodb/.test(target) && !maySpeak;
    }),
  },
  {
    name: 'a domain has its README',
    says: 'A domain with a contract has a README.md: one page with its nouns, its invariants, what it owns and what it does not.',
    check: whole(isContract, ({ room }, { has }) =>
      has(`shared/${room}/README.md`) ? undefined : `has no shared/${room}/README.md beside it`,
    ),
  },
  {
    name: 'functions are named after contracts',
    says: `A folder of functions is named after a contract on ${CONTRACTS}, or authorizer, announcer, archive: give the function to the domain that answers for it.`,
    check: whole(inFunctions, ({ room }, house) =>
      [...contractNames(house), 'authorizer', 'announcer', 'archive'].includes(room)
        ? undefined
        : `lies in functions/${room}`,
    ),
  },

  // Manners
  {
    name: 'zod comes whole',
    says: "Write `import * as z from 'zod'`, or `import type`: `import { z }` puts 454 KB into a bundle, this 85.",
    check: imports((_, __, asked) => {
      const isWhole = asked.target === 'zod' && asked.clause === '* as z';
      return /^zod(\/|$)/.test(asked.target) && !isTypeOnly(asked) && !isWhole;
    }),
  },
  {
    name: 'one clock',
    says: `Only ${CLOCK} reads the clock, so that a test and the local runtime can move it: take the instant from there.`,
    check: words((place) => inProduct(place) && place.path !== CLOCK, {
      'Date.now': /\bDate\s*\.\s*now\b/,
      'new Date()': /\bnew\s+Date\b(?!\s*\(\s*[^)\s])/,
      'Temporal.Now': /\bTemporal\s*\.\s*Now\b/,
    }),
  },
  {
    name: 'one environment',
    says: 'Only shared/platform reads the environment: take the setting from there.',
    check: words((place) => inProduct(place) && !(inShared(place) && place.room === 'platform'), {
      'process.env': /\bprocess\s*(\??\.\s*env\b|\[)|=\s*process\s*;/,
    }),
  },
  {
    name: 'no barrel files',
    says: 'No barrels: let everyone import from the file that says it, and name this one after what it says.',
    check: whole(anywhere, ({ name }) => (name === 'index.ts' ? 'is a barrel' : undefined)),
  },
  {
    name: 'no barrel lines',
    says: 'No barrels: let everyone import from the file that says it.',
    check: words(anywhere, { 'export *': /\bexport\s+(type\s+)?\*/ }),
  },
  {
    name: 'a name says what it names',
    says: 'Such a name fits everything: name the file after the noun it knows or the thing it does.',
    check: whole(anywhere, ({ name }) =>
      /^(utils?|helpers?|common|manager|service|impl)\./.test(name) ? 'has a name that says nothing' : undefined,
    ),
  },
  {
    name: 'kebab-case',
    says: 'File names are kebab-case: small letters and digits, a hyphen between words.',
    check: whole(anywhere, ({ name }) =>
      /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|soak|d))?\.ts$/.test(name) ? undefined : 'is not kebab-case',
    ),
  },
  {
    name: 'classes are errors',
    says: 'In shared and functions a class extends Error: write functions over plain values.',
    check: classes(inProduct, /^\w*Error$/),
  },
  {
    name: 'classes of infra are constructs',
    says: 'In infra a class extends Stack, Construct, NodejsFunction, Function or Error: write functions over plain values.',
    check: classes(inInfra, /(^|\.)(Stack|Construct|NodejsFunction|Function|Error)$/),
  },
  {
    name: 'a file is one page',
    says: `A file has at most ${LONGEST_FILE} lines: it says two things by now, so make it two.`,
    check: whole(
      // The catalogue of errors is one list, looked up and not read through: it grows with the routes.
      (place) => place.path !== ERRORS && (inProduct(place) || inInfra(place) || inBin(place) || inAudit(place)),
      (file) => (lengthOf(file) > LONGEST_FILE ? `is ${lengthOf(file)} lines long` : undefined),
    ),
  },
];

/** Every breach of the rules in these files, a sentence each. */
export function breaches(files: Record<string, string>): string[] {
  return findings(rules, files);
}

/** The names of the contracts on the page: of their domains, and those they give themselves by `contract('…')`. */
function contractNames({ text }: House): string[] {
  const pages = [...text(CONTRACTS).matchAll(/'\.\/([\w/-]+)\/((?:[\w-]+-)?contract\.ts)'/g)];
  const given = pages.flatMap(([, room = '', page = '']) => [
    ...text(`shared/${room}/${page}`).matchAll(/\bcontract\(\s*'([\w-]+)'/g),
  ]);
  return [...pages.map(([, room = '']) => room), ...given.map(([, name = '']) => name)];
}

function lengthOf({ source }: File): number {
  return source.trimEnd().split('\n').length;
}
