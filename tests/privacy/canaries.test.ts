import { canaries } from './canaries.ts';

canaries({ people: 6 });
