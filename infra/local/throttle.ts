import { ofType, type Resource } from './resources.ts';

interface Limits {
  ThrottlingRateLimit?: number;
  ThrottlingBurstLimit?: number;
}

interface StageProperties {
  DefaultRouteSettings?: Limits;
  RouteSettings?: Record<string, Limits>;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Whether one more request to this route may pass now. */
export type Throttle = (routeKey: string) => boolean;

/** One bucket a route, as the stage says: `burst` tokens at most, `rate` new ones a second; in real time. */
export function openThrottle(
  resources: readonly Resource[],
  elapsed: () => number = () => performance.now(),
): Throttle {
  const [stage] = ofType<StageProperties>(resources, 'AWS::ApiGatewayV2::Stage');
  const { DefaultRouteSettings = {}, RouteSettings = {} } = stage?.properties ?? {};
  const buckets = new Map<string, Bucket>();
  return (routeKey) => {
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst = rate } = {
      ...DefaultRouteSettings,
      ...RouteSettings[routeKey],
    };
    if (rate === undefined || burst === undefined) return true;
    const at = elapsed();
    const bucket = buckets.get(routeKey) ?? { tokens: burst, filledAt: at };
    const tokens = Math.min(burst, bucket.tokens + ((at - bucket.filledAt) * rate) / 1_000);
    const passes = tokens >= 1;
    buckets.set(routeKey, { tokens: passes ? tokens - 1 : tokens, filledAt: at });
    return passes;
  };
}
