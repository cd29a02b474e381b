import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { watch } from 'chokidar';
import { type BuildContext, context, type OutputFile } from 'esbuild';
import { bundleOptions } from '../constructs/bundle-options.ts';
import { messageOf } from './refusal.ts';

/** A function, and the file under `functions/` that it is made of, without its ending. */
export interface Watched {
  name: string;
  entry: string;
  /** Files that lie beside the bundle. */
  files?: readonly string[];
}

export interface WatchOptions {
  /** Where `functions/`, `shared/` and `infra/` lie. */
  root: string;
  functions: readonly Watched[];
  /** Where bundles are put. */
  outdir: string;
  replace: (name: string, bundleUrl: string) => void;
  say: (line: string) => void;
  /** Called when a file has changed that the template may be made of. */
  templateTouched: () => void;
}

export interface Watch {
  stop(): Promise<void>;
}

type Built = Pick<OutputFile, 'path' | 'contents'>;

/** An editor writes a file in several steps. */
const SETTLE_MS = 40;
const FOLDERS = ['functions', 'shared', 'infra'];
/** What the templates are made of, besides the code of the functions. */
const OF_THE_TEMPLATE =
  /^infra\/(?!local\/)|(^|\/)contract\.ts$|-contract\.ts$|^shared\/(contracts|events|calendar|errors)\.ts$/;

/** The files that lie beside a bundle, and beside what it shares with others. */
function filesBeside({ root, outdir }: WatchOptions, { entry, files = [] }: Watched): Built[] {
  return files.flatMap((file) => {
    const contents = readFileSync(join(root, file));
    return [join(outdir, entry), outdir].map((folder) => ({ path: join(folder, basename(file)), contents }));
  });
}

/** The files of a build that are not there as they are, written, and the digest of each. */
function writeChanged(files: readonly Built[], known: Map<string, string>): Set<string> {
  const changed = new Set<string>();
  for (const { path, contents } of files) {
    const digest = createHash('sha256').update(contents).digest('hex');
    if (known.get(path) === digest) continue;
    known.set(path, digest);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
    changed.add(path);
  }
  return changed;
}

function contextOf({ root, functions, outdir }: WatchOptions): Promise<BuildContext<{ write: false }>> {
  return context({
    absWorkingDir: root,
    entryPoints: functions.map(({ entry }) => ({ in: `functions/${entry}.ts`, out: `${entry}/index` })),
    outdir,
    ...bundleOptions,
    // What functions share is printed once, so that an edit is live at once; its name is the digest of its content.
    splitting: true,
    minify: false,
    logLevel: 'silent',
    write: false,
  });
}

/** Where a source is broken, as an editor understands it. */
function faultOf(thrown: unknown): string {
  const [first] =
    (thrown as { errors?: { text: string; location: { file: string; line: number } | null }[] }).errors ?? [];
  return first
    ? `${first.location ? `${first.location.file}:${first.location.line}: ` : ''}${first.text}`
    : messageOf(thrown);
}

/** Builds again what was edited and puts it in the place of what runs; what does not build leaves the old one running. */
export async function watchSources(options: WatchOptions): Promise<Watch> {
  const { root, functions, outdir, replace, say } = options;
  const builder = await contextOf(options);
  const known = new Map<string, string>();
  let builds = 0;

  async function build(): Promise<string[]> {
    const { outputFiles } = await builder.rebuild();
    builds += 1;
    const beside = functions.flatMap((one) => filesBeside(options, one));
    const changed = writeChanged([...outputFiles, ...beside], known);
    const isChanged = ({ entry, files = [] }: Watched) =>
      ['index.mjs', ...files].some((file) => changed.has(join(outdir, entry, basename(file))));
    return functions.filter(isChanged).map(({ name }) => name);
  }

  async function reload(): Promise<void> {
    const since = performance.now();
    try {
      const names = await build();
      for (const { name, entry } of functions.filter((one) => names.includes(one.name)))
        replace(name, `${pathToFileURL(join(outdir, entry, 'index.mjs')).href}?build=${builds}`);
      const seconds = ((performance.now() - since) / 1_000).toFixed(1);
      if (names.length > 0) say(`· reloaded in ${seconds} s: ${names.join(', ')}`);
    } catch (thrown) {
      say(`! ${faultOf(thrown)} (what ran before goes on)`);
    }
  }

  await build();
  const changes = await watchFolders(root, async (touched) => {
    await reload();
    if (touched.some((file) => OF_THE_TEMPLATE.test(file))) options.templateTouched();
  });
  return {
    async stop() {
      await changes.stop();
      await builder.dispose();
    },
  };
}

/** Calls back with what was touched once the folders are still, one call at a time. */
async function watchFolders(root: string, act: (touched: string[]) => Promise<void>): Promise<Watch> {
  const touched = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let under = Promise.resolve();
  const soon = (file: string): void => {
    touched.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => {
      under = under.then(() => {
        const files = [...touched];
        touched.clear();
        return files.length > 0 ? act(files) : undefined;
      });
    }, SETTLE_MS);
  };
  // Node's own loses a file on Linux as soon as another is put in its place, which is how editors save.
  const watcher = watch(FOLDERS, { cwd: root, ignoreInitial: true });
  watcher.on('all', (_, name) => {
    if (/\.(?:ts|json)$/.test(name)) soon(name.replaceAll('\\', '/'));
  });
  await once(watcher, 'ready');
  return {
    async stop() {
      clearTimeout(timer);
      await watcher.close();
      await under;
    },
  };
}
