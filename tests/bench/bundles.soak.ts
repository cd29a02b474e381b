import { expect, it } from 'vitest';
import { bundleSizes } from '../../bin/bench/bundle-sizes.ts';

it('an API function is at most 1.7 × the bare SDK 函数体积', { timeout: 120_000 }, async () => {
  const sizes = await bundleSizes();
  expect(sizes.length).toBeGreaterThan(15);
  for (const { name, bytes, bareSdkBytes, atMost } of sizes) {
    expect(bareSdkBytes).toBeGreaterThan(200_000);
    expect(atMost === undefined, name).toBe(!name.endsWith('/api'));
    if (atMost !== undefined) expect(bytes / bareSdkBytes, name).toBeLessThanOrEqual(atMost);
  }
});
