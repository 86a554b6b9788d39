"""More training pictures: `python3 train/debian_pictures.py` takes free ones out of packages of Debian and Ubuntu.

Packages are downloaded from the archives and unpacked (dpkg-deb), not installed. A picture is taken where the package
says of it that it is CC0, CC BY or in the public domain. Share-alike ones are left out, and so are those of
morguefile.com, whose terms have changed since, those that unsplash.com gave after 2017, when it ceased to be CC0, and what
a machine generated or shows somebody's cartoon figure. Writes train/pictures-debian/photos and, for the cards,
train/pictures-debian/SOURCES.tsv.
"""

import fnmatch
import lzma
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from urllib.request import urlopen

DEBIAN, UBUNTU = 'http://deb.debian.org/debian', 'http://archive.ubuntu.com/ubuntu'
ARCHIVES = {  # the index of a release
    'bookworm': (DEBIAN, 'main/binary-all'),
    'trixie': (DEBIAN, 'main/binary-all'),
    'noble': (UBUNTU, 'universe/binary-amd64'),
}
OUT = Path(__file__).resolve().parent / 'pictures-debian'
FREE = re.compile(r'(CC0|CC-BY-\d|public-domain)')
NOT_FREE = re.compile(r'morgue|unsplash.com/license|AI generated|donald')


def by_copyright(root, package, name='*.[jp][pn]g', prefix=''):
    """Free pictures whose path ends in `name` and their licence in debian/copyright, which calls them prefix + file name or by
    their path."""
    rules = []
    for text in (root / 'usr/share/doc' / package / 'copyright').read_text().split('\n\n'):
        match = re.match(r'\s*Files:(.*?)\nCopyright:(.*?)\nLicense:(.*)', text, re.S)
        if match:
            rules.append([' '.join(part.split()) for part in match.groups()])
    for file in sorted(root.rglob(name)):
        called = prefix + file.name, str(file.relative_to(root))
        found = [rule for rule in rules if any(fnmatch.filter(called, pattern) for pattern in rule[0].split())]
        if found:
            _, holder, licence = rule = found[-1]  # a later rule overrules an earlier one
            short, _, why = licence.partition(' ')
            holder = holder.partition(' Comment: ')[0]
            if FREE.match(short) and not NOT_FREE.search(' '.join(rule)):
                yield file, f'{short.replace("public-domain", "Public domain")} ({why.rstrip(".") or holder}; debian/copyright)'


def of_theme(root, package):
    """Pictures that the readme of a WordPress theme says to be CC0."""
    about = next(root.rglob('readme.txt')).read_text().partition('=== Images ===')[2].partition('UNICODE')[0]
    for file in sorted(root.rglob('*.webp')):
        if file.name in about and not file.name.startswith('book-'):  # those are mock-ups
            yield file, f'CC0 (readme.txt of {package})'


def of_skimage(root, _):
    """Licences as the docstrings of skimage.data give them."""
    for name, licence in {
        'astronaut.png': 'Public domain (NASA)',
        'hubble_deep_field.jpg': 'Public domain (NASA)',
        'chelsea.png': 'CC0 by Stefan van der Walt',
        'coffee.png': 'CC0 by Rachel Michetti',
        'rocket.jpg': 'CC0 by SpaceX Photos',
    }.items():
        yield next(root.rglob(f'skimage/data/{name}')), licence


# Release, package, and what finds its pictures: [(file, licence)]. Of endless-sky-high-dpi that of 2017: photographs that
# were put on unsplash.com later are no longer in the public domain.
PACKAGES = [
    ('bookworm', 'endless-sky-high-dpi', lambda root, package: by_copyright(root, package, 'images/land/*.jpg', 'images/land/')),
    ('bookworm', 'lomiri-wallpapers-16.04', lambda root, package: by_copyright(root, package, 'backgrounds/*.jpg', '16.04/')),
    ('bookworm', 'python3-skimage', of_skimage),
    ('trixie', 'wordpress-theme-twentytwentyfour', of_theme),
    ('trixie', 'wordpress-theme-twentytwentyfive', of_theme),
    *(('noble', f'{distribution}-wallpapers-{release}', by_copyright)
      for distribution, releases in {
          'budgie': 'cosmic disco eoan focal groovy hirsute impish kinetic lunar mantic',
          'ubuntu': 'xenial yakkety zesty artful',
          'ubuntucinnamon': 'eoan focal groovy',
          'xubuntu-community': 'xenial bionic focal jammy',
      }.items() for release in releases.split()),
]


@cache
def index_of(release):
    archive, part = ARCHIVES[release]
    with urlopen(f'{archive}/dists/{release}/{part}/Packages.xz') as answer:
        return lzma.decompress(answer.read()).decode()


def unpack(release, package, folder):
    path = re.search(rf'^Package: {re.escape(package)}\n(?:.+\n)*?Filename: (.+)', index_of(release), re.M)[1]
    with urlopen(f'{ARCHIVES[release][0]}/{path}') as answer, open(folder / 'package.deb', 'wb') as file:
        shutil.copyfileobj(answer, file)
    subprocess.run(['dpkg-deb', '-x', 'package.deb', package], cwd=folder, check=True)
    return folder / package


def main():
    photos = OUT / 'photos'
    shutil.rmtree(OUT, ignore_errors=True)
    photos.mkdir(parents=True)
    rows = ['file\tlicence\tsource']
    with tempfile.TemporaryDirectory() as folder:
        for release, package, pictures in PACKAGES:
            root = unpack(release, package, Path(folder))
            found = list(pictures(root, package))
            for file, licence in found:
                name = f'{package}_{file.name}'
                shutil.copy(file, photos / name)
                rows.append(f'photos/{name}\t{licence}\tpackage {package} ({release}), {file.relative_to(root)}')
            print(f'{package}: {len(found)} pictures', flush=True)
    (OUT / 'SOURCES.tsv').write_text('\n'.join(rows) + '\n')


if __name__ == '__main__':
    main()
