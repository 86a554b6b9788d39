/** Files in: dropped anywhere on the window, picked with a dialog, or pasted. */
import { element } from './page';

export interface DropOptions {
  /** Gets each file that passes `accept`. */
  onFile(file: File): void;
  /** Gets a file that does not pass; default: ignored. */
  onReject?(file: File): void;
  /** Extensions or MIME types as in `<input accept>`: '.glb,.gltf' or 'image/*'. Default: all. */
  accept?: string;
  /** Shown large while a file is over the window. */
  label?: string;
  /** More than one file at a time. Default false: the first is taken. */
  multiple?: boolean;
}

export interface Drop {
  /** Opens the file dialog (call from a click). */
  pick(): void;
  dispose(): void;
}

/** Makes the whole window a drop zone. */
export function createDrop({
  onFile,
  onReject,
  accept = '',
  label = 'Drop a file',
  multiple = false,
}: DropOptions): Drop {
  const overlay = element('div', { class: 'drop', text: label, hidden: '' });
  const input = element('input', { type: 'file', accept, hidden: '', 'aria-label': label });
  input.multiple = multiple;
  document.body.append(overlay, input);
  const stop = new AbortController();
  const { signal } = stop;

  function take(files: Iterable<File>): void {
    const list = [...files];
    for (const file of multiple ? list : list.slice(0, 1)) {
      if (accepts(file, accept)) onFile(file);
      else onReject?.(file);
    }
  }

  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  let depth = 0; // enter and leave fire for every child crossed
  window.addEventListener(
    'dragenter',
    (event) => {
      if (carriesFiles(event)) {
        depth++;
        overlay.hidden = false;
      }
    },
    { signal },
  );
  window.addEventListener(
    'dragleave',
    (event) => {
      if (carriesFiles(event) && --depth <= 0) {
        depth = 0;
        overlay.hidden = true;
      }
    },
    { signal },
  );
  window.addEventListener(
    'dragover',
    (event) => {
      if (carriesFiles(event)) event.preventDefault();
    },
    { signal },
  );
  window.addEventListener(
    'drop',
    (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      overlay.hidden = true;
      take(event.dataTransfer?.files ?? []);
    },
    { signal },
  );
  window.addEventListener(
    'paste',
    (event) => {
      if (event.clipboardData?.files.length) take(event.clipboardData.files);
    },
    { signal },
  );
  input.addEventListener('change', () => {
    take(input.files ?? []);
    input.value = ''; // the same file may be picked again
  });

  return {
    pick: () => input.click(),
    dispose() {
      stop.abort();
      overlay.remove();
      input.remove();
    },
  };
}

function accepts(file: File, accept: string): boolean {
  const rules = accept
    .split(',')
    .map((rule) => rule.trim().toLowerCase())
    .filter(Boolean);
  if (rules.length === 0) return true;
  const name = file.name.toLowerCase();
  return rules.some((rule) => {
    if (rule.startsWith('.')) return name.endsWith(rule);
    if (rule.endsWith('/*')) return file.type.startsWith(rule.slice(0, -1));
    return file.type === rule;
  });
}
