import { start } from '../infra/local/start.ts';

await start(process.argv.slice(2), async (options) => {
  Object.assign(process.env, options.env);
  const { seed } = await import('./seed.ts');
  return seed(options);
});
