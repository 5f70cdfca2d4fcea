"""Counts tokens with PyPI tiktoken's engine, for `cargo run --example compare` to compare with.

    python oracle.py --ranks DIR --out LIST [--megabytes 12] [--tokens] FOLDER...

Its own loader downloads the ranks; here they are read from the `.tiktoken` files of a published package (DIR holds
o200k_base.tiktoken and cl100k_base.tiktoken, as the crate tiktoken-rs carries them), checked against the hashes that tiktoken names.

Texts are gathered from the folders (installed packages: source code, documentation, translations), every kind of file in turn,
until there are as many megabytes; with --tokens every single token of both vocabularies comes first (what is no text in it as U+FFFD),
and every code point in company that shows how it was classified.

Prints one JSON object: how many texts and bytes, their kinds of file, and the scripts (as Unicode's Script property has them) of which
there are a hundred characters or more.
"""

import argparse
import hashlib
import inspect
import json
import os
from collections import Counter, defaultdict

import regex
import tiktoken
from tiktoken.load import load_tiktoken_bpe
from tiktoken_ext import openai_public

KINDS = (".py", ".rs", ".js", ".mjs", ".ts", ".c", ".h", ".md", ".rst", ".txt", ".html", ".css", ".json", ".po", ".xml", ".yml",
         ".toml", ".sh", ".go", ".java", ".tcl", ".msg", ".pl", ".csv")
LONGEST = 200_000
SCRIPTS = """Adlam Arabic Armenian Bengali Bopomofo Canadian_Aboriginal Cherokee Coptic Cyrillic Deseret Devanagari Ethiopic Georgian
    Glagolitic Gothic Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Javanese Kannada Katakana Khmer Lao Latin Malayalam Mongolian
    Myanmar Nko Ol_Chiki Oriya Osage Sinhala Syriac Tamil Telugu Thaana Thai Tibetan Tifinagh Vai Yi""".split()


def engine(name, folder):
    """The encoding as tiktoken defines it, with the ranks of a file instead of a download."""
    path = os.path.join(folder, f"{name}.tiktoken")
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    if digest not in inspect.getsource(getattr(openai_public, name)):
        raise SystemExit(f"{path} is not the file that tiktoken names")
    original = openai_public.load_tiktoken_bpe
    openai_public.load_tiktoken_bpe = lambda *_args, **_more: load_tiktoken_bpe(path)
    try:
        return tiktoken.Encoding(**getattr(openai_public, name)())
    finally:
        openai_public.load_tiktoken_bpe = original


def files(folders, kinds):
    """Readable text files, the kinds in turn, so that no kind fills the quota alone."""
    found = defaultdict(list)
    for folder in folders:
        for root, below, names in os.walk(folder):
            below.sort()
            for name in sorted(names):
                kind = os.path.splitext(name)[1].lower()
                if kind in kinds:
                    found[kind].append(os.path.join(root, name))
    lists = [sorted(paths, key=lambda path: hashlib.sha256(os.path.basename(path).encode()).digest()) for paths in found.values()]
    while lists:
        for paths in lists:
            yield paths.pop()
        lists = [paths for paths in lists if paths]


def texts(folders, quota):
    """The gathered texts: first whatever is not mostly ASCII (it is rare and the hard part), then the rest."""
    seen, taken = set(), 0
    for wanted, share in (("other scripts", quota // 2), ("any", quota)):
        for path in files(folders, KINDS):
            if taken >= share:
                break
            try:
                with open(path, "rb") as file:
                    text = file.read(LONGEST).decode("utf-8", "ignore")
            except OSError:
                continue
            digest = hashlib.sha256(text.encode()).digest()
            foreign = sum(1 for character in text if ord(character) > 0x24F)
            if not text or digest in seen or (wanted == "other scripts" and foreign * 20 < len(text)):
                continue
            seen.add(digest)
            taken += len(text.encode())
            yield os.path.splitext(path)[1].lower(), text


def in_company():
    """Every code point between letters, digits and line ends."""
    line = []
    for code_point in range(0x110000):
        if not 0xD800 <= code_point <= 0xDFFF:
            one = chr(code_point)
            line.append(f"{one} a{one}b {one}A{one}{one}\n{one}1 'S{one}s")
        if code_point % 64 == 63 and line:
            yield "".join(line)
            line = []


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--ranks", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--megabytes", type=float, default=12)
    options.add_argument("--tokens", action="store_true")
    options.add_argument("folders", nargs="*")
    options = options.parse_args()
    engines = {name: engine(name, options.ranks) for name in ("o200k_base", "cl100k_base")}
    scripts, kinds, size = Counter(), Counter(), 0
    patterns = {script: regex.compile(rf"\p{{Script={script}}}+") for script in SCRIPTS}
    with open(options.out, "w", encoding="utf-8") as out:

        def put(text):
            counts = {name: len(one.encode_ordinary(text)) for name, one in engines.items()}
            out.write(json.dumps({"text": text, **counts}) + "\n")

        if options.tokens:
            for one in engines.values():
                for token in sorted(one._mergeable_ranks):
                    put(token.decode("utf-8", "replace"))
            for text in in_company():
                put(text)
        for kind, text in texts(options.folders, int(options.megabytes * 1e6)):
            put(text)
            kinds[kind], size = kinds[kind] + 1, size + len(text.encode())
            for script, pattern in patterns.items():
                if script == "Latin" or not text.isascii():
                    scripts[script] += sum(map(len, pattern.findall(text)))
    found = {script: times for script, times in scripts.most_common() if times >= 100}
    print(json.dumps({"texts": kinds.total(), "bytes": size, "kinds": kinds, "scripts": len(found), "found": found}))


if __name__ == "__main__":
    main()
