/** The control panel: lil-gui, in our colours, closed on small screens. */
import GUI from 'lil-gui';

/** A lil-gui panel under the header at the right; its styles come from parts.css. */
export function createGui(title: string): GUI {
  const gui = new GUI({ title, injectStyles: true });
  if (window.innerWidth < 720) gui.close();
  return gui;
}
