import { Logger } from '@aws-lambda-powertools/logger';

/** One JSON line each; never given a body, a token, or anything personal. */
export const logger = new Logger();

/** A step by which a request is followed from its writes to what they set off; said only where a function runs. */
export function logStep(message: string, facts: Record<string, unknown>): void {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined) logger.info(message, facts);
}
