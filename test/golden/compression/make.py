"""Makes frames.ndjson.gz, what other programs make of the same inputs, and edges.ndjson.gz, what Kafka's
readers make of input that is joined, cut short, or followed by something else.

    pip install lz4==4.4.5 python-snappy==0.7.3 cramjam==2.14.0 zstandard==0.25.0
    javac -cp "$KAFKA_LIBS/*" -d /tmp/frames Frames.java     # the jars of Apache Kafka 4.3.1
    python3 make.py "java -cp /tmp/frames:$KAFKA_LIBS/* Frames"

Each line of frames is {"raw": name, "base64"} or {"codec", "by", "magic", "input": name, "base64"}.
Each line of edges is {"codec", "what", "base64", "output": base64, or null where Kafka throws}.
"""
import base64, gzip, json, random, subprocess, sys

import lz4, lz4.frame, snappy, zstandard

random.seed(4)
WORDS = "broker topic partition offset leader epoch replica controller group lag segment index".split()


def text(size):
    lines = []
    while sum(map(len, lines)) < size:
        line = {"id": len(lines), "topic": random.choice(WORDS)}
        lines.append(json.dumps(line) + "\n")
    return "".join(lines).encode()[:size]


RAW = {
    "empty": b"",
    "one": b"k",
    "short": b"the same, the same, the same again",
    "text": text(70_000),
    "numbers": b"".join(random.randrange(3000).to_bytes(4, "little") for _ in range(2500)),
    "noise": random.randbytes(700),
    "mixed": text(5_000) + random.randbytes(300) + bytes(150_000) + text(2_000),
}
out = []


def add(codec, by, name, data, magic=2):
    encoded = base64.b64encode(data).decode()
    out.append({"codec": codec, "by": by, "magic": magic, "input": name, "base64": encoded})


for name, raw in RAW.items():
    out.append({"raw": name, "base64": base64.b64encode(raw).decode()})

SIZES = {"64KB": 4, "256KB": 5, "1MB": 6, "4MB": 7}
for name in ("empty", "short", "noise", "mixed", "text"):
    for linked in (False, True):
        for block, size in SIZES.items():
            if name != "mixed" and size > 4:
                continue
            for checks in (False, True):
                data = lz4.frame.compress(
                    RAW[name],
                    block_size=size,
                    block_linked=linked,
                    content_checksum=checks,
                    block_checksum=checks,
                    store_size=checks,
                    compression_level=9 if checks else 0,
                )
                how = f"{block} {'linked' if linked else 'independent'}{' with checksums and size' if checks else ''}"
                add("lz4", f"lz4 {lz4.library_version_string()} {how}", name, data)

for name, raw in RAW.items():
    add("snappy", "python-snappy 0.7.3", name, snappy.compress(raw))
    add("gzip", "zlib", name, gzip.compress(raw, 6, mtime=0))
    for level in (-50, -3, 1, 3, 6, 9, 13, 17, 19, 22):
        if name == "text" and level not in (-50, 1, 9, 19):
            continue
        compressor = zstandard.ZstdCompressor(level=level, write_content_size=level % 2 == 0, write_checksum=level % 3 == 0)
        by = f"libzstd {'.'.join(map(str, zstandard.ZSTD_VERSION))} level {level}"
        stream = compressor.compressobj()
        pieces = [stream.compress(raw[i : i + 40_000]) for i in range(0, len(raw), 40_000)]
        add("zstd", by, name, b"".join(pieces) + stream.flush())

peer = subprocess.Popen(sys.argv[1].split(" "), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(verb, codec, magic, data):
    peer.stdin.write(f"{verb} {codec} {magic} {base64.b64encode(data).decode()}\n")
    peer.stdin.flush()
    status, answer = peer.stdout.readline().rstrip("\n").split(" ", 1)
    return base64.b64decode(answer) if status == "ok" else None


for name, raw in RAW.items():
    for codec in ("gzip", "snappy", "lz4", "zstd"):
        for magic in (0, 1, 2) if codec == "lz4" else (2,):
            add(codec, "Apache Kafka 4.3.1", name, ask("write", codec, magic, raw), magic)

edges = []


def edge(codec, what, data):
    output = ask("read", codec, 2, data)
    answer = None if output is None else base64.b64encode(output).decode()
    edges.append({"codec": codec, "what": what, "base64": base64.b64encode(data).decode(), "output": answer})


TAILS = ["00", "01", "0000", "000000", "00000000", "0102030405", "1f", "1f8b", "1f8b08", "00" * 40, "ff" * 40]
TAILS += ["1f8b07" + "00" * 40, "1f8b08" + "00" * 40, "82534e41", "82534e4150505900000000000000000000000000"]
TAILS += ["82534e41505059000000000100000001", "502a4d1803000000aabbcc", "04224d18", "28b52ffd"]
for codec in ("gzip", "snappy", "lz4", "zstd"):
    first, second, none = (ask("write", codec, 2, raw) for raw in (b"first, first, first", b"and second", b""))
    edge(codec, "joined", first + second)
    edge(codec, "joined around an empty one", first + none + second)
    for end in range(len(first)):
        edge(codec, "cut", first[:end])
    for end in range(len(first) + 1, len(first + second)):
        edge(codec, "second cut", (first + second)[:end])
    for tail in TAILS:
        edge(codec, f"followed by {tail}", first + bytes.fromhex(tail))
HEADER = bytes.fromhex("82534e4150505900")
CHUNK = bytes.fromhex("00000007") + b"\x05\x10hello"
for versions in ("0000000000000000", "0000000200000002", "ffffffffffffffff", "8000000000000001"):
    edge("snappy", f"versions {versions}", HEADER + bytes.fromhex(versions) + CHUNK)
    edge("snappy", f"joined, versions {versions}", HEADER + bytes(8) + CHUNK + HEADER + bytes.fromhex(versions) + CHUNK)
edge("snappy", "chunk of no bytes", HEADER + bytes(8) + bytes(4) + CHUNK)
edge("snappy", "chunk of an empty block", HEADER + bytes(8) + bytes.fromhex("0000000100") + CHUNK)
edge("snappy", "header only", HEADER)
edge("snappy", "bare block", CHUNK[4:])
edge("snappy", "bare block, too long", CHUNK[4:] + b"!")
edge("snappy", "bare empty block", bytes(1))
edge("gzip", "reserved flags", bytes.fromhex("1f8b08e0") + gzip.compress(b"flags", mtime=0)[4:])
for byte in range(0x78, 0xC8, 8):
    edge("zstd", f"window byte {byte:x}", bytes.fromhex("28b52ffd00") + bytes([byte]) + bytes.fromhex("290000") + b"hello")
for size in ("04", "05", "06"):
    edge("zstd", f"content size {size}", bytes.fromhex(f"28b52ffd20{size}290000") + b"hello")
edge("zstd", "dictionary", bytes.fromhex("28b52ffd210505290000") + b"hello")
peer.stdin.close()


def save(name, lines):
    with open(name, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        for line in lines:
            packed.write((json.dumps(line) + "\n").encode())


save("frames.ndjson.gz", out)
save("edges.ndjson.gz", edges)
