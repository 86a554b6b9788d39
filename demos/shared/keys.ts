/** Single-key commands with a legend whose entries are buttons too, so touch has them as well. */
import { element } from './page';

export interface KeyCommand {
  /** One letter, compared without case. */
  key: string;
  /** What the legend says: 'Upscaling', 'Full screen'. */
  label: string;
  run(): void;
}

export interface Keys {
  dispose(): void;
}

/** Binds the commands and shows the legend at the bottom right. Keys typed into a field are left alone. */
export function bindKeys(commands: KeyCommand[]): Keys {
  const legend = element('div', { class: 'legend plate', role: 'toolbar', 'aria-label': 'Keys' });
  for (const command of commands) {
    const button = element('button', { type: 'button' }, [
      element('kbd', { text: command.key.toUpperCase() }),
      document.createTextNode(` ${command.label}`),
    ]);
    button.addEventListener('click', () => {
      command.run();
      button.blur(); // so that the space bar does not run it again
    });
    legend.append(button);
  }
  document.body.append(legend);

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    const command = commands.find((entry) => entry.key.toLowerCase() === event.key.toLowerCase());
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener('keydown', onKey);
  return {
    dispose() {
      window.removeEventListener('keydown', onKey);
      legend.remove();
    },
  };
}

/** True where a key press belongs to a field and not to the page. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName))
  );
}

/** The two commands all demos share: F full screen, H hides everything but the picture. */
export function viewKeys(): KeyCommand[] {
  return [
    {
      key: 'f',
      label: 'Full screen',
      run() {
        if (document.fullscreenElement) document.exitFullscreen();
        else document.documentElement.requestFullscreen().catch(() => undefined); // refused in some frames
      },
    },
    { key: 'h', label: 'Hide', run: () => document.body.classList.toggle('is-bare') },
  ];
}
