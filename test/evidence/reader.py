#!/usr/bin/env python3
"""A second reader of evidence, written from docs/evidence-format.md alone, with nothing but the standard library.

usage: reader.py FOLDER | PACK     prints {"ok", "events", "problems": [{"code", "writer", "seq"}]}
       reader.py --packs < paths   the same of many packs, a path and a result a line
       reader.py --mutations FOLDER < mutations.jsonl
           one mutation a line, each a map from relative path to base64 of a file's new bytes, or null for a
           file that is gone; prints one result a line
"""
import base64, hashlib, json, os, re, sys, unicodedata, zipfile, zlib

# --- Ed25519, RFC 8032 section 5.1 -------------------------------------------------------------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def add(a, b):
    A = (a[1] - a[0]) * (b[1] - b[0]) % P
    B = (a[1] + a[0]) * (b[1] + b[0]) % P
    C = 2 * a[3] * b[3] * D % P
    E = 2 * a[2] * b[2] % P
    e, f, g, h = B - A, E - C, E + C, B + A
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def mul(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point = add(point, point)
        scalar >>= 1
    return total


def recover(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else (0, y, 1, 0)
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * SQRT_M1 % P
    if (x * x - x2) % P:
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def decompress(data):
    number = int.from_bytes(data, 'little')
    return recover(number & (1 << 255) - 1, number >> 255)


BASE = recover(4 * pow(5, P - 2, P) % P, 0)


def ed25519(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], 'little')
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), 'little') % L
    left, right = mul(s, BASE), add(r, mul(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- RFC 8785 ----------------------------------------------------------------------------------------------
def number(value):
    if isinstance(value, int):
        if abs(value) < 2**53:
            return str(value)
        value = float(value)
    if value != value or value in (float('inf'), float('-inf')):
        raise ValueError('number')
    if value == 0:
        return '0'
    sign = '-' if value < 0 else ''
    mantissa, _, exponent = ('%r' % abs(value)).partition('e')
    whole, _, fraction = mantissa.partition('.')
    if fraction == '0':
        fraction = ''
    digits = (whole + fraction).lstrip('0')
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len((whole + fraction).lstrip('0')))
    digits = digits.rstrip('0')
    k = len(digits)
    if k <= point <= 21:
        return sign + digits + '0' * (point - k)
    if 0 < point <= 21:
        return sign + digits[:point] + '.' + digits[point:]
    if -6 < point <= 0:
        return sign + '0.' + '0' * -point + digits
    e = point - 1
    return sign + digits[0] + ('.' + digits[1:] if k > 1 else '') + 'e' + ('+' if e >= 0 else '-') + str(abs(e))


ESCAPES = {'"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t'}


def string(value):
    value.encode('utf-8')  # lone surrogates are an error
    return '"' + ''.join(ESCAPES.get(c) or ('\\u%04x' % ord(c) if c < ' ' else c) for c in value) + '"'


def canonical(value):
    if value is None or value is True or value is False:
        return {None: 'null', True: 'true', False: 'false'}[value]
    if isinstance(value, str):
        return string(value)
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, list):
        return '[' + ','.join(map(canonical, value)) + ']'
    keys = sorted(value, key=lambda key: key.encode('utf-16-be'))
    return '{' + ','.join(string(key) + ':' + canonical(value[key]) for key in keys) + '}'


def strict_base64(text, length=None):
    try:
        data = base64.b64decode(text, validate=True)
    except Exception:
        return None
    return data if base64.b64encode(data).decode() == text and (length is None or len(data) == length) else None


# --- section 6 ---------------------------------------------------------------------------------------------
def is_text(v): return isinstance(v, str)
def is_bool(v): return isinstance(v, bool)
def is_number(v): return isinstance(v, (int, float)) and not isinstance(v, bool)
def is_int(v): return is_number(v) and float(v).is_integer() and abs(v) < 2**53
def is_count(v): return is_int(v) and v >= 0
def is_json(v): return True
def is_root(v): return is_text(v) and re.fullmatch(r'[A-Za-z0-9+/]{43}=', v) is not None
def is_sha(v): return is_text(v) and re.fullmatch(r'[0-9a-f]{64}', v) is not None
def is_time(v): return is_text(v) and re.fullmatch(r'[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z', v) is not None
def many(f): return lambda v: isinstance(v, list) and all(f(x) for x in v)
def word(*ws): return lambda v: v in ws


def members(**fields):
    """`name_` is optional."""
    table = {k.rstrip('_'): (f, k.endswith('_')) for k, f in fields.items()}

    def check(v):
        return (isinstance(v, dict) and all(k in table for k in v)
                and all(table[k][0](v[k]) if k in v else table[k][1] for k in table))
    check.table = table
    return check


ACTOR = members(user=is_text, host=is_text, cluster_=is_text, git_=is_text, groups_=many(is_text))
TOOL = members(name=is_text, version=is_text, platform_=is_text)
SEEN = many(members(writer=is_text, size=is_count, root=is_root))
CELL = members(index_=is_count, id_=is_text, headings_=many(is_text), language_=is_text, lines_=many(is_count))
TARGET = members(context_=is_text, server_=is_text, namespace_=is_text, production_=is_bool, user_=is_text)
BLOB = members(sha256=is_sha, bytes=is_count)
OBJECT = members(apiVersion_=is_text, kind=is_text, namespace_=is_text, name=is_text, uid_=is_text)
CUTS = many(members(kind=is_text, commitment=is_text, at_=is_count))
STREAM = word('stdout', 'stderr')
OPENING = dict(incident=is_text, writer=is_text, key=is_text, actor=ACTOR, tool=TOOL, seen=SEEN, title_=is_text, severity_=is_text, alert_=is_text)
OBJECTS = dict(run_=is_text, call_=is_text, object=OBJECT, target_=TARGET, blob_=BLOB, absent_=is_bool)
BARE = ('checkpoint', 'output.frames', 'clock.jumped')
TYPES = {
    'incident.opened': OPENING,
    'incident.joined': dict(OPENING, reason=word('join', 'reopen', 'fallback', 'addendum', 'pack', 'keeping'), fallback_=members(writer=is_text, folder=is_text, error=is_text)),
    'incident.closed': dict(summary_=is_text, seen=SEEN),
    'incident.reopened': dict(reason=is_text),
    'runbook.opened': dict(runbook=is_text, blob_=BLOB, title_=is_text, git_=is_json),
    'runbook.amended': dict(runbook=is_text, blob_=BLOB, diff_=is_text),
    'cell.intent': dict(run=is_text, runbook_=is_text, cell=CELL, source=is_text, resolved_=is_text, risk=is_text, commands_=is_json, target_=TARGET, cwd_=is_text, decision_=is_json, severity_=is_text, alerts_=many(is_text), by_=is_text),
    'cell.question': dict(question=is_text, run_=is_text, kind=is_text, text=is_text, shows_=is_json),
    'cell.answer': dict(question=is_text, run_=is_text, answer=is_text, by_=is_text),
    'cell.choice': dict(run_=is_text, cell=CELL, step_=is_text, option=is_text, by_=is_text),
    'cell.skip': dict(cell=CELL, runbook_=is_text, reason=is_text, by_=is_text),
    'cell.result': dict(run=is_text, ok=is_bool, exitCode_=is_int, signal_=is_text, interrupted_=is_bool, timedOut_=is_bool, sessionEnded_=is_bool, refused_=is_bool, durationMs=is_number, commands_=is_json, notes_=many(is_text), cwd_=is_text),
    'approval': dict(request=is_text, decision=word('requested', 'approved', 'refused', 'expired', 'break-glass', 'countersigned', 'unapproved'), run_=is_text, by_=is_text, covers_=is_json, reason_=is_text, signature_=is_json),
    'gate.call': dict(call=is_text, run_=is_text, argv=many(is_text), risk=is_text, decision=is_text, reason_=is_text, target_=TARGET, line_=is_count),
    'gate.result': dict(call=is_text, run_=is_text, exitCode_=is_int, durationMs_=is_number),
    'http.call': dict(run_=is_text, method=is_text, url=is_text, decision=is_text, status_=is_count, durationMs_=is_number),
    'capture': dict(capture=is_text, run_=is_text, about=is_text, argv_=many(is_text), blob_=BLOB, ok=is_bool),
    'object.before': OBJECTS,
    'object.after': OBJECTS,
    'output.frames': dict(run=is_text, first=is_count, frames=many(many(is_count))),
    'output.blob': dict(run=is_text, stream=STREAM, blob=BLOB, whole=is_bool, part=is_count, cutCount=is_count),
    'artifact': dict(run_=is_text, path=is_text, bytes=is_count, kept=word('copied', 'too large', 'binary', 'dump', 'unreadable'), blob_=BLOB, commitment_=is_text, via_=is_text),
    'alert.state': dict(alert=is_text, state=is_text, at_=is_time, severity_=is_text, labels_=is_json, source_=is_text),
    'note': dict(text=is_text, by_=is_text, run_=is_text, about_=is_text),
    'handover': {'from': is_text, 'to': is_text, 'text': is_text, 'open_': many(is_text)},
    'checkpoint': dict(reason=is_text, seen=SEEN),
    'addendum': dict(title=is_text, text_=is_text, files=many(members(name=is_text, blob=BLOB)), by_=is_text),
    'pack.made': dict(name=is_text, by_=is_text),
    'writer.recovered': dict(writer=is_text, torn_=BLOB, interrupted=many(is_text), output=many(members(run=is_text, stream=STREAM, blob=BLOB)), sealed=is_bool),
    'clock.jumped': dict(byMs=is_int),
    'incident.held': dict(on=is_bool, reason=is_text, by_=is_text),
    'incident.archived': dict(to=is_text, by_=is_text),
    'incident.pruned': dict(pruned=is_text, title_=is_text, closed_=is_time, writers=many(members(writer=is_text, size=is_count, root=is_root, key=is_text)), reason=is_text, by_=is_text),
    'blob.erased': dict(sha256=is_sha, bytes=is_count, reason=is_text, by_=is_text),
}
FRAME = dict(v=is_int, seq=is_count, time=is_time, type=is_text, prev_=is_root, cuts_=CUTS)
SHAPES = {t: members(**FRAME, **f, **({} if t in BARE else {'extra_': is_json})) for t, f in TYPES.items()}
ID = re.compile(r'[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_-])?')


def is_id(name):
    return ID.fullmatch(name) and '..' not in name and not re.match(r'(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)', name, re.I)


# --- sections 2 and 3 --------------------------------------------------------------------------------------
def leaf(data): return hashlib.sha256(b'\0' + data).digest()


def root(hashes):
    if not hashes:
        return hashlib.sha256().digest()
    while len(hashes) > 1:
        pairs = [hashlib.sha256(b'\1' + hashes[i] + hashes[i + 1]).digest() for i in range(0, len(hashes) - 1, 2)]
        hashes = pairs + (hashes[-1:] if len(hashes) % 2 else [])
    return hashes[0]


def verifier_key(text):
    match = re.fullmatch(r'([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)', text)
    typed = match and strict_base64(match[3], 33)
    if not typed or typed[0] != 1:
        return None
    key_id = hashlib.sha256(match[1].encode() + b'\n' + typed).digest()[:4]
    return (match[1], key_id, typed[1:]) if key_id.hex() == match[2] else None


class Wrong(Exception):
    def __init__(self, seq, code):
        self.seq, self.code = seq, code


def no_constants(_): raise ValueError('constant')


def read_line(data, seq):
    try:
        text = data.decode('utf-8')
        event = json.loads(text, parse_constant=no_constants)
        same = canonical(event) == text
    except (ValueError, RecursionError):
        raise Wrong(seq, 'not-canonical')
    if not same:
        raise Wrong(seq, 'not-canonical')
    if not isinstance(event, dict) or event.get('v') != 1 or isinstance(event.get('v'), bool) or event.get('type') not in SHAPES:
        raise Wrong(seq, 'unknown-version')
    if not SHAPES[event['type']](event):
        raise Wrong(seq, 'schema')
    if event['seq'] != seq:
        raise Wrong(seq, 'sequence')
    return event


def read_log(incident, writer, data):
    parts = data.split(b'\n')
    torn = parts.pop()
    events, hashes, broken, closed, late = [], [], -1, False, None
    for seq, line in enumerate(parts):
        if len(line) > 4194304:
            raise Wrong(seq, 'line-too-long')
        event = read_line(line, seq)
        if broken >= 0:
            link = event.get('prev') == base64.b64encode(hashes[-1]).decode()
            raise Wrong(broken - 1 if link else broken, 'chain')
        wanted = base64.b64encode(hashes[-1]).decode() if hashes else None
        if event.get('prev') != wanted:
            broken = seq
        elif closed and event['type'] != 'checkpoint' and late is None:
            late = seq
        opening = event['type'] in ('incident.opened', 'incident.joined')
        if opening != (seq == 0):
            raise Wrong(seq, 'opening')
        if seq == 0:
            key = verifier_key(event['key'])
            if event['incident'] != incident or event['writer'] != writer or not key or key[0] != f'runbook-notebooks/{incident}/{writer}':
                raise Wrong(0, 'other-log')
        closed = closed or event['type'] == 'incident.closed'
        events.append(event)
        hashes.append(leaf(line))
    if torn:
        raise Wrong(len(parts), 'torn-line')
    if broken >= 0:
        raise Wrong(max(0, broken - 1), 'chain')
    if late is not None:
        raise Wrong(late, 'after-close')
    return events, hashes


def check_note(note, incident, writer, events, hashes):
    origin = f'runbook-notebooks/{incident}/{writer}'
    try:
        text = note.decode('utf-8')
    except ValueError:
        raise Wrong(-1, 'checkpoint')
    match = re.fullmatch(r'(([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n)\n\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)\n', text)
    if not match or match[2] != origin or match[5] != origin:
        raise Wrong(-1, 'checkpoint')
    signed, top = strict_base64(match[6], 68), strict_base64(match[4], 32)
    _, key_id, public = verifier_key(events[0]['key'])
    if not signed or not top or signed[:4] != key_id or not ed25519(public, match[1].encode(), signed[4:]):
        raise Wrong(-1, 'checkpoint')
    size = int(match[3])
    if size > len(hashes):
        raise Wrong(len(hashes), 'cut-tail')
    if root(hashes[:size]) != top:
        raise Wrong(max(0, size - 1), 'root')
    if size == 0 or events[size - 1]['type'] != 'checkpoint':
        raise Wrong(size - 1, 'checkpoint')


def blobs_of(event):
    if event['type'] == 'blob.erased':
        return []
    found = [event[name] for name in ('blob', 'torn') if name in event]
    if event['type'] == 'writer.recovered':
        found += [one['blob'] for one in event['output']]
    if event['type'] == 'addendum':
        found += [one['blob'] for one in event['files']]
    return found


def verify(incident, files):
    problems, logs, writers = [], {}, set()

    def problem(code, writer='', seq=-1): problems.append({'code': code, 'writer': writer, 'seq': seq})
    for path in files:
        parts = path.split('/')
        if parts[0] == 'blobs' and len(parts) == 2 and is_sha(parts[1]):
            continue
        if parts[0] == 'writers' and len(parts) in (3, 4) and is_id(parts[1]) and (
                (len(parts) == 3 and parts[2] in ('log.jsonl', 'checkpoint')) or parts[2] in ('lock', 'open')):
            writers.add(parts[1])
        else:
            problem('unknown-file')
    for writer in sorted(writers):
        try:
            data, note = files.get(f'writers/{writer}/log.jsonl', b''), files.get(f'writers/{writer}/checkpoint')
            events, hashes = read_log(incident, writer, data)
            if events or note is not None:
                if not events:
                    raise Wrong(0, 'cut-tail')
                if note is None:
                    raise Wrong(-1, 'checkpoint')
                check_note(note, incident, writer, events, hashes)
            logs[writer] = (events, hashes)
        except Wrong as wrong:
            problem(wrong.code, writer, wrong.seq)
            logs[writer] = None
    sound = [log for log in logs.values() if log]
    if not logs:
        problem('no-log')
    opened = [log for log in sound if log[0] and log[0][0]['type'] == 'incident.opened']
    if len(opened) > 1 or (not opened and len(sound) == len(logs) and not any(log[0] and 'fallback' in log[0][0] for log in sound)):
        problem('opening')
    erased = {event['sha256'] for events, _ in sound for event in events if event['type'] == 'blob.erased'}
    sizes = {}
    for writer, log in logs.items():
        for event in log[0] if log else []:
            for claim in event.get('seen', []):
                other = logs.get(claim['writer'], 'gone')
                if other == 'gone':
                    problem('writer-missing', claim['writer'], 0)
                elif other and (claim['size'] > len(other[1]) or base64.b64encode(root(other[1][:claim['size']])).decode() != claim['root']):
                    problem('seen-otherwise', claim['writer'], claim['size'] - 1)
            for blob in blobs_of(event):
                if sizes.setdefault(blob['sha256'], blob['bytes']) != blob['bytes']:
                    problem('blob-size', writer, event['seq'])
                data = files.get('blobs/' + blob['sha256'])
                if data is None:
                    if blob['sha256'] not in erased:
                        problem('blob-missing', writer, event['seq'])
                elif len(data) != blob['bytes'] or hashlib.sha256(data).hexdigest() != blob['sha256']:
                    problem('blob-changed', writer, event['seq'])
    for path, data in files.items():
        if path.startswith('blobs/') and is_sha(path[6:]) and path[6:] not in sizes and hashlib.sha256(data).hexdigest() != path[6:]:
            problem('blob-changed')
    return {'ok': not problems, 'events': sum(len(log[0]) for log in sound), 'problems': problems, 'logs': logs}


# --- section 7 ---------------------------------------------------------------------------------------------
class Refused(Exception):
    pass


def read_pack(path):
    """The incident's id, and the bytes of the entries below its folder."""
    size = os.path.getsize(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeError):
        raise Refused('no zip')
    with archive:
        infos = archive.infolist()
        if not infos or len(infos) > 200000 or sum(info.compress_size for info in infos) > size:
            raise Refused('size')
        folded, files = set(), {}
        for info in infos:
            # zipfile cleans names up: what the entry really says is what counts.
            name = info.orig_filename
            parts = (name[:-1] if name.endswith('/') else name).split('/')
            folder, mode = name.endswith('/'), info.external_attr >> 16 & 0o170000
            if (len(name.encode('utf-8', 'surrogatepass')) > 512 or len(parts) > 12 or any(part in ('', '.', '..') for part in parts)
                    or re.search('[\\x00-\\x1f\\x7f\\\\]', name) or re.match('[A-Za-z]:', name) or info.flag_bits & 0x41
                    or info.compress_type not in (0, 8) or mode not in ((0, 0o040000, 0o100000) if folder else (0, 0o100000))
                    or info.file_size > (info.compress_size + 64) * 1032 or folder and info.file_size):
                raise Refused(name)
            if folder:
                continue
            same = unicodedata.normalize('NFC', name).lower()
            if same in folded:
                raise Refused('twice')
            folded.add(same)
            try:
                files[name] = archive.read(info)
            except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError, RuntimeError):
                raise Refused(name)
            if len(files[name]) != info.file_size:
                raise Refused(name)
    tops = {name.split('/')[0] for name in files}
    if len(tops) != 1 or any('/' not in name for name in files) or not is_id(next(iter(tops))):
        raise Refused('folder')
    top = tops.pop()
    return top, {name[len(top) + 1:]: data for name, data in files.items()}


TAGS = {'bag-info.txt', 'bagit.txt', 'manifest-sha256.txt'}


def read_manifest(data):
    """Path to digest, or None."""
    try:
        lines = data.decode('utf-8').split('\n')
    except (AttributeError, ValueError):
        return None
    matches = [re.fullmatch(r'([0-9a-f]{64})  (.+)', line) for line in lines[:-1]]
    if lines[-1] != '' or not all(matches):
        return None
    listed = {match[2]: match[1] for match in matches}
    return listed if len(listed) == len(matches) else None


def seal_holds(note, incident, files, logs):
    try:
        text = note.decode('utf-8')
    except (AttributeError, ValueError):
        return False
    match = re.fullmatch('(runbook-notebooks pack v1\n([^\n]+)\n([^\n]+)\n([0-9a-f]{64})\n)\n\u2014 ([^\\s+]+) ([A-Za-z0-9+/=]+)\n', text)
    signed = match and strict_base64(match[6], 68)
    log = logs.get(match[3]) if match else None
    if not signed or not log or not log[0] or match[2] != incident or match[5] != f'runbook-notebooks/{incident}/{match[3]}':
        return False
    _, key_id, public = verifier_key(log[0][0]['key'])
    return (signed[:4] == key_id and ed25519(public, match[1].encode(), signed[4:])
            and match[4] == hashlib.sha256(files['tagmanifest-sha256.txt']).hexdigest()
            and any(event['type'] == 'pack.made' for event in log[0]))


def verify_pack(path):
    try:
        incident, files = read_pack(path)
    except Refused:
        return {'ok': False, 'events': 0, 'problems': [{'code': 'pack-refused', 'writer': '', 'seq': -1}]}
    inside = verify(incident, {name[14:]: data for name, data in files.items() if name.startswith('data/incident/')})

    def problem(code): inside['problems'].append({'code': code, 'writer': '', 'seq': -1})
    payload, tags = (read_manifest(files.get(name)) for name in ('manifest-sha256.txt', 'tagmanifest-sha256.txt'))
    if files.get('bagit.txt') != b'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' or payload is None or tags is None:
        problem('bag')
    else:
        if (set(tags) != TAGS or set(payload) != {name for name in files if name.startswith('data/')}
                or set(files) - set(payload) != TAGS | {'tagmanifest-sha256.txt', 'seal.note'}):
            problem('bag')
        for name, digest in [*tags.items(), *payload.items()]:
            if name in files and hashlib.sha256(files[name]).hexdigest() != digest:
                problem('bag-changed')
        if not seal_holds(files.get('seal.note'), incident, files, inside['logs']):
            problem('seal')
    return {**inside, 'ok': not inside['problems']}


def load(folder):
    files = {}
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            with open(path, 'rb') as file:
                files[os.path.relpath(path, folder).replace(os.sep, '/')] = file.read()
    return files


def tell(result): print(json.dumps({key: result[key] for key in ('ok', 'events', 'problems')}), flush=True)


if __name__ == '__main__':
    if sys.argv[1] == '--packs' or os.path.isfile(sys.argv[1]):
        for line in sys.stdin if sys.argv[1] == '--packs' else [sys.argv[1]]:
            tell(verify_pack(line.rstrip('\n')))
        sys.exit(0)
    many_of = sys.argv[1] == '--mutations'
    folder = sys.argv[2 if many_of else 1]
    name, original = os.path.basename(os.path.abspath(folder)), load(folder)
    for line in sys.stdin if many_of else ['{}']:
        files = dict(original)
        for path, data in json.loads(line).items():
            if data is None:
                files.pop(path, None)
            else:
                files[path] = base64.b64decode(data)
        tell(verify(name, files))
    sys.exit(0)
