import { canaries } from './canaries.ts';

/** SEC-17: two hundred people, of whom a hundred go. */
canaries({ people: 200 });
