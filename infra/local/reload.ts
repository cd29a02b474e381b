import { join } from 'node:path';
import { root } from '../constructs/bundle-options.ts';
import { filesBeside } from '../constructs/function-needs.ts';
import { readAssembly } from './assembly.ts';
import { messageOf } from './refusal.ts';
import type { Runtime } from './runtime.ts';
import { synthesize } from './synthesis.ts';
import { type Watched, watchSources } from './watch.ts';

/** The template is another: what to start again with, and where it is to answer. */
export interface Again {
  cdkOut: string;
  port: number;
}

/** What a synthesized app says, without the digests of the functions' code. */
function templates(cdkOut: string): string {
  return JSON.stringify(readAssembly(cdkOut))
    .replaceAll(/[0-9a-f]{64}/g, '')
    .replaceAll(/CurrentVersion[0-9A-Za-z]+/g, '');
}

function watchedIn({ functions }: Runtime): Watched[] {
  return functions.sources.map(({ name, file }) => {
    const entry = file.replaceAll(/^functions\/|\.ts$/g, '');
    return { name, entry, files: filesBeside(entry) };
  });
}

/**
 * Puts edits of functions in the place of what runs; an edit that changes the template asks for a new start. What was
 * saved while that was made is found by the one that has started: `anew` says that it is one.
 */
export async function watchRuntime(runtime: Runtime, stage: string, say: (line: string) => void, anew: boolean) {
  const home = join(runtime.folder.path, 'watch');
  const again = Promise.withResolvers<Again>();
  let under = Promise.resolve();
  let isOver = false;

  async function lookAtTemplate(): Promise<void> {
    if (isOver) return;
    try {
      // One of two folders: out of the other one what runs may still be read.
      const other = runtime.cdkOut === join(home, 'one', 'cdk.out') ? 'two' : 'one';
      const cdkOut = await synthesize(join(home, other), stage);
      if (templates(cdkOut) === templates(runtime.cdkOut)) return;
      isOver = true;
      again.resolve({ cdkOut, port: Number(new URL(runtime.api).port) });
    } catch (thrown) {
      say(`! ${messageOf(thrown)} (what ran before goes on)`);
    }
  }

  const look = (): void => {
    under = under.then(lookAtTemplate);
  };
  const watching = await watchSources({
    root,
    functions: watchedIn(runtime),
    outdir: join(home, 'bundles'),
    replace: (name, url) => runtime.functions.replace(name, url),
    say,
    templateTouched: look,
  });
  if (anew) look();
  return {
    again: again.promise,
    async stop() {
      isOver = true;
      await watching.stop();
    },
  };
}
