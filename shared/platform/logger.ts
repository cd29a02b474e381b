import { Logger } from '@aws-lambda-powertools/logger';

/** One JSON line each; never given a body, a token, or anything personal. */
export const logger = new Logger();
