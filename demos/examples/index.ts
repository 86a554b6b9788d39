/** The list of examples. */
import { createPage, element } from '../shared/page';
import { examples } from './list';

const page = createPage({ current: 'examples', title: 'examples', layout: 'document' });
page.main.append(
  element('h1', { text: 'Examples' }),
  element('p', {
    class: 'lead',
    text: 'Six small pages that show one thing each: open one, read its source, copy it.',
  }),
  element(
    'ul',
    { class: 'example-list' },
    examples.map(({ name, title, sentence }) =>
      element('li', {}, [
        element('a', { class: 'card', href: `./${name}.html` }, [
          element('h2', {}, [element('b', { text: name[0]! }), document.createTextNode(title)]),
          element('p', { text: sentence }),
        ]),
      ]),
    ),
  ),
);
page.ready();
