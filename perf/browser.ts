import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';

/** What draws: 'llvmpipe' is Mesa through EGL (a real GPU where its driver is there), 'none' leaves the choice to the browser. */
export type Gl = 'auto' | 'llvmpipe' | 'swiftshader' | 'none';

export interface LaunchOptions {
  gl?: Gl;
  /** A fake webcam and microphone, and every permission prompt answered with yes. */
  webcam?: boolean;
  args?: string[];
}

const GL_ARGS: Record<Exclude<Gl, 'auto'>, string[]> = {
  llvmpipe: ['--use-gl=angle', '--use-angle=gl-egl', '--ignore-gpu-blocklist'],
  swiftshader: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  none: [],
};

const COMMON_ARGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Software renderers take seconds over what a GPU does in milliseconds; the watchdog would call that a hang.
  '--disable-gpu-watchdog',
  // Tests lose contexts on purpose; the browser must not block WebGL on the page afterwards.
  '--disable-domain-blocking-for-3d-apis',
  '--autoplay-policy=no-user-gesture-required',
  // Colours as they are in the file, whatever the machine's monitor profile says.
  '--force-color-profile=srgb',
  ...(process.platform === 'linux' ? ['--disable-dev-shm-usage'] : []),
];

const WEBCAM_ARGS = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--auto-accept-this-tab-capture',
  // Peer connections of a page with itself, also where the machine has no network.
  '--allow-loopback-in-peer-connection',
];

const CACHE = join(homedir(), '.cache', 'upframe', 'browsers');

const onRootDebian = () => process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

function apt(...packages: string[]): boolean {
  console.error(`upframe: apt-get install ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', ...args], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  run('update');
  return run('install', ...packages).status === 0;
}

function knownBrowser(): string | null {
  const named = [process.env.UPFRAME_CHROME, process.env.CHROME_PATH, process.env.PUPPETEER_EXECUTABLE_PATH];
  for (const path of named) {
    if (!path) continue;
    if (!existsSync(path)) throw new Error(`upframe: the browser named in the environment does not exist: ${path}`);
    return path;
  }
  const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser', 'chrome', 'microsoft-edge'];
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':');
  const programs = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA];
  const paths = [
    ...(process.platform === 'win32' ? [] : folders.flatMap((folder) => names.map((name) => join(folder, name)))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ...programs.flatMap((folder) => (folder ? [join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')] : [])),
  ];
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Downloads Chrome by puppeteer's own installer, once; null where that fails or the result lacks system libraries. */
async function fetchBrowser(): Promise<string | null> {
  try {
    const { Browser: Names, detectBrowserPlatform, install, resolveBuildId } = await import('@puppeteer/browsers');
    const platform = detectBrowserPlatform();
    if (!platform) return null;
    const { getInstalledBrowsers } = await import('@puppeteer/browsers');
    const [have] = await getInstalledBrowsers({ cacheDir: CACHE });
    let path = have?.executablePath;
    if (!path) {
      console.error(`upframe: no Chrome or Chromium found, fetching one to ${CACHE}`);
      const buildId = await resolveBuildId(Names.CHROME, platform, 'stable');
      path = (await install({ browser: Names.CHROME, buildId, cacheDir: CACHE })).executablePath;
    }
    if (process.platform !== 'win32') execFileSync(path, ['--version'], { stdio: 'ignore' });
    return path;
  } catch {
    return null;
  }
}

let found: string | undefined;

/** Path of a Chrome or Chromium that runs here; installs one where there is none. */
export async function findBrowser(): Promise<string> {
  found ??= knownBrowser() ?? undefined;
  // apt before a download: on a bare Debian it brings the system libraries too, which a downloaded Chrome lacks.
  if (!found && onRootDebian() && apt('chromium', 'libegl1', 'libgl1-mesa-dri')) found = knownBrowser() ?? undefined;
  found ??= (await fetchBrowser()) ?? undefined;
  if (!found) {
    throw new Error(
      'upframe: no Chrome or Chromium found and none could be installed. ' +
        'Install one (Debian: apt-get install chromium libegl1 libgl1-mesa-dri), or set UPFRAME_CHROME to its path.',
    );
  }
  return found;
}

function launch(executablePath: string, gl: Exclude<Gl, 'auto'>, options: LaunchOptions): Promise<Browser> {
  return puppeteer.launch({
    executablePath,
    headless: true,
    protocolTimeout: 30 * 60_000,
    args: [...COMMON_ARGS, ...GL_ARGS[gl], ...(options.webcam ? WEBCAM_ARGS : []), ...(options.args ?? [])],
  });
}

/** The renderer's name of a new WebGL2 context, null where there is none. */
export async function rendererName(browser: Browser): Promise<string | null> {
  const page = await browser.newPage();
  try {
    return await page.evaluate(() => {
      const gl = document.createElement('canvas').getContext('webgl2');
      return gl?.getParameter(gl.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
    });
  } finally {
    await page.close();
  }
}

/** A headless browser. `gl` 'auto' (or UPFRAME_GL) takes the first that truly draws WebGL2: Mesa or a GPU, then SwiftShader. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const path = await findBrowser();
  const wish =
    options.gl && options.gl !== 'auto' ? options.gl : ((process.env.UPFRAME_GL as Gl | undefined) ?? 'auto');
  if (wish !== 'auto') {
    if (!(wish in GL_ARGS))
      throw new Error(`upframe: gl '${wish}' is not one of auto, ${Object.keys(GL_ARGS).join(', ')}`);
    return launch(path, wish, options);
  }
  const attempt = async (gl: Exclude<Gl, 'auto'>) => {
    const browser = await launch(path, gl, options);
    const name = await rendererName(browser);
    if (name && !/swiftshader/i.test(name)) return browser;
    await browser.close();
    return null;
  };
  // Off Linux the browser's own choice is the real GPU.
  const first = process.platform === 'linux' ? 'llvmpipe' : 'none';
  let browser = await attempt(first);
  if (!browser && onRootDebian() && apt('libegl1', 'libgl1-mesa-dri')) browser = await attempt(first);
  return browser ?? launch(path, 'swiftshader', options);
}
