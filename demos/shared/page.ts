/**
 * The frame every demo lives in: wordmark, navigation, stage or scrolling main, dock for numbers, messages.
 * A page needs only `<link rel="stylesheet" href=".../shared/style.css">` and one module script.
 */
import interMedium from '@pmndrs/assets/fonts/inter_medium.woff.js';
import interRegular from '@pmndrs/assets/fonts/inter_regular.woff.js';
import interSemiBold from '@pmndrs/assets/fonts/inter_semi_bold.woff.js';

export type DemoName = 'game' | 'stream' | 'photo' | 'lab' | 'examples';

export interface PageOptions {
  /** Which entry of the navigation is this page. */
  current: DemoName;
  /** Goes into the tab: "Upframe: title". */
  title: string;
  /** 'stage' fills the window with a canvas; 'document' scrolls. Default 'stage'. */
  layout?: 'stage' | 'document';
}

export interface Page {
  /** Full-bleed holder of the canvas (layout 'stage'; empty and hidden in 'document'). */
  stage: HTMLElement;
  /** Scrolling column (layout 'document'; hidden in 'stage'). */
  main: HTMLElement;
  /** Bottom-left column that floats over the stage: put the HUD here. */
  dock: HTMLElement;
  /** Right end of the header: put buttons here. */
  actions: HTMLElement;
  /** A short message that goes away by itself. */
  toast(message: string, kind?: 'info' | 'error'): void;
  /** A full-page message in place of the demo, for what cannot be recovered. */
  fatal(heading: string, text: string): void;
  /** A quiet "loading" mark in the middle of the page; null takes it away. */
  loading(text: string | null): void;
  /** Marks the first good frame: tests wait for `document.documentElement.dataset.ready === 'true'`. */
  ready(): void;
}

const demos: { name: DemoName; label: string; path: string }[] = [
  { name: 'game', label: 'Game', path: '' },
  { name: 'stream', label: 'Stream', path: 'demos/stream/' },
  { name: 'photo', label: 'Photo', path: 'demos/photo/' },
  { name: 'lab', label: 'Lab', path: 'demos/lab/' },
  { name: 'examples', label: 'Examples', path: 'demos/examples/' },
];

// A small filled frame inside the corner of a large one: what the library does.
const mark =
  '<svg viewBox="0 0 24 24" fill="none" aria-hidden="true"><path d="M9 3h9a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3v-3" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/><rect x="2" y="2" width="9" height="9" rx="2.4" fill="currentColor"/></svg>';

/** An element in one line: tag, attributes (`text` and `html` set the content), children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  children: Node[] = [],
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') node.textContent = value;
    else if (name === 'html') node.innerHTML = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function loadFonts(): void {
  const weights: [string, string][] = [
    ['400', interRegular],
    ['500', interMedium],
    ['600', interSemiBold],
  ];
  for (const [weight, data] of weights) {
    // Text shows in the system font until the face is in: no blank page, no network.
    const face = new FontFace('Inter', `url(${data})`, { weight, display: 'swap' });
    document.fonts.add(face);
    face.load().catch(() => undefined);
  }
}

/** Builds the page around the demo and returns its parts. */
export function createPage({ current, title, layout = 'stage' }: PageOptions): Page {
  loadFonts();
  document.title = `Upframe: ${title}`;
  document.body.classList.toggle('document', layout === 'document');

  // Relative, so the built site works from any folder.
  const root = current === 'game' ? './' : '../../';
  const nav = element('nav', { class: 'nav', 'aria-label': 'Demos' });
  for (const demo of demos) {
    const link = element('a', { href: root + demo.path, text: demo.label });
    if (demo.name === current) link.setAttribute('aria-current', 'page');
    nav.append(link);
  }
  const wordmark = element('a', {
    class: 'wordmark',
    href: root,
    'aria-label': 'Upframe',
    html: `${mark}<span>Upframe</span>`,
  });
  const actions = element('div', { class: 'actions' });
  const header = element('header', { class: 'header' }, [wordmark, nav, actions]);
  const stage = element('div', { class: 'stage' });
  const main = element('main', { class: 'main' });
  const dock = element('div', { class: 'dock' });
  const toasts = element('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });
  const loadingMark = element('div', { class: 'loading', role: 'status', hidden: '' });
  stage.hidden = layout === 'document';
  main.hidden = layout === 'stage';
  document.body.append(stage, main, header, dock, loadingMark, toasts);

  return {
    stage,
    main,
    dock,
    actions,
    toast(message, kind = 'info') {
      const node = element('div', { class: `toast toast--${kind}`, text: message });
      toasts.append(node);
      while (toasts.children.length > 3) toasts.firstChild?.remove();
      setTimeout(() => node.remove(), kind === 'error' ? 8000 : 4000);
    },
    fatal(heading, text) {
      for (const node of [dock, stage, main, loadingMark]) node.hidden = true;
      document.querySelectorAll('.fatal, .legend, .lil-gui').forEach((node) => {
        node.remove();
      });
      const box = element('div', { class: 'fatal', role: 'alert' }, [
        element('h1', { text: heading }),
        element('p', { text }),
      ]);
      document.body.append(box);
    },
    loading(text) {
      loadingMark.hidden = text === null;
      loadingMark.textContent = text ?? '';
    },
    ready() {
      loadingMark.hidden = true;
      document.documentElement.dataset.ready = 'true';
    },
  };
}

/** What went wrong, as a person reads it. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^upframe: /, '');
}

/** True if WebGL2 is there; otherwise shows the full-page message and returns false. */
export function requireWebGL2(page: Page): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  if (context) return true;
  page.fatal(
    'This browser has no WebGL2',
    'Upframe runs its network in WebGL2 shaders. Any current Chrome, Edge, Firefox or Safari has it; if yours should, look whether hardware acceleration is switched off in its settings.',
  );
  return false;
}
