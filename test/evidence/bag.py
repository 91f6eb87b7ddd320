"""A generic check of a bag, written from RFC 8493 alone: it knows nothing of incidents. Usage: bag.py FOLDER"""
import hashlib, os, re, sys
from urllib.parse import unquote

def fail(why):
    print(why)
    sys.exit(1)

def read(path):
    with open(path, 'rb') as file:
        return file.read()

def lines(path):
    text = read(path).decode('utf-8')
    if text.startswith('\ufeff'):
        fail(f'{path}: a byte order mark')
    return [line for line in re.split(r'\r\n|\r|\n', text) if line]

def manifest(base, name, algorithm):
    found = {}
    for line in lines(os.path.join(base, name)):
        match = re.fullmatch(r'([0-9A-Fa-f]+)[ \t]+\*?(.+)', line)
        if not match:
            fail(f'{name}: {line!r} is no entry')
        digest, path = match.groups()
        path = re.sub(r'%(0[ADad]|25)', lambda one: unquote(one.group()), path)
        parts = path.split('/')
        if path.startswith(('/', '~')) or '..' in parts or '' in parts or path in found:
            fail(f'{name}: {path} leaves the bag or is listed twice')
        found[path] = digest.lower()
        full = os.path.join(base, path)
        if os.path.islink(full) or not os.path.isfile(full):
            fail(f'{name}: {path} is missing')
        if hashlib.new(algorithm, read(full)).hexdigest() != digest.lower():
            fail(f'{name}: {path} has another digest')
    return found

base = sys.argv[1]
declared = lines(os.path.join(base, 'bagit.txt'))
if len(declared) != 2 or not re.fullmatch(r'BagIt-Version: \d+\.\d+', declared[0]) or declared[1] != 'Tag-File-Character-Encoding: UTF-8':
    fail('bagit.txt is malformed')
payload_manifests = [name for name in os.listdir(base) if re.fullmatch(r'manifest-[a-z0-9]+\.txt', name)]
if not payload_manifests or not os.path.isdir(os.path.join(base, 'data')):
    fail('no payload manifest or no data')
payload = {
    os.path.relpath(os.path.join(folder, name), base).replace(os.sep, '/')
    for folder, _, names in os.walk(os.path.join(base, 'data')) for name in names
}
for name in payload_manifests:
    listed = manifest(base, name, name[len('manifest-'):-len('.txt')])
    if set(listed) != payload:
        fail(f'{name} and data differ: {sorted(set(listed) ^ payload)[:5]}')
for name in os.listdir(base):
    match = re.fullmatch(r'tagmanifest-([a-z0-9]+)\.txt', name)
    if match:
        tags = manifest(base, name, match.group(1))
        if any(re.match(r'(tagmanifest-|data/)', path) for path in tags) or not set(payload_manifests) <= set(tags):
            fail(f'{name} lists what it must not, or lacks a manifest')
info = os.path.join(base, 'bag-info.txt')
if os.path.exists(info):
    for line in lines(info):
        if not re.match(r'\s|[^:\s][^:]*: ?', line):
            fail(f'bag-info.txt: {line!r}')
        if line.startswith('Payload-Oxum:'):
            size = sum(os.path.getsize(os.path.join(base, path)) for path in payload)
            if line.split(':', 1)[1].strip() != f'{size}.{len(payload)}':
                fail('Payload-Oxum is wrong')
print('valid')
