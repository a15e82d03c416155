#!/usr/bin/env python3
"""Says what the instructions of a Callgrind profile were spent on.

Arguments: the profile, and the number of requests that were made.

Most of Asio and Beast is inlined, so that the function it stands in says little. Instructions are
therefore counted for the source file that they come from; those of the standard library's headers,
which everybody uses, for the function that they were inlined into.
"""
import collections
import re
import sys

ALLOCATOR = re.compile(
    r"^(malloc|free|calloc|realloc|cfree|_?_?posix_memalign|_mid_memalign|_int_\w+|unlink_chunk.*"
    r"|malloc_consolidate|sysmalloc|tcache_\w+|checked_request2size|arena_get\w*)(@.*)?$")

# profile.sh has their callers appended to their names.
ALLOCATION = re.compile(r"^(operator new[^']*|aligned_alloc)'.*$")

LIBRARIES = [
    ("libssl", "OpenSSL: libssl"),
    ("libcrypto", "OpenSSL: libcrypto"),
    ("libboost_json", "Boost.JSON"),
    ("libstdc++", "libstdc++"),
    ("ld-linux", "dynamic linker"),
    ("libc.so", "libc: the rest"),
]

FILES = [
    (r"/boost/asio/", "Boost.Asio"),
    (r"/boost/beast/", "Boost.Beast"),
    (r"/boost/json/", "Boost.JSON"),
    (r"/boost/", "Boost: the rest"),
    (r"/test/support/allocations\.", "the counting itself"),
    (r"/benchmarks/", "the counting itself"),
    (r"/include/vidi/", "vidi: public types"),
]

NAMESPACES = [
    ("vidi::model::", "vidi: model"),
    ("vidi::protocol::", "vidi: protocol"),
    ("vidi::transport::", "vidi: transport"),
    ("vidi::pool::", "vidi: pool"),
    ("vidi_benchmark::", "the counting itself"),
    (r"vidi::(parse_response|serialize)\b", "vidi: model"),
    (r"vidi::(client|client_state|completion|create_operation|outstanding_operation)\b",
     "vidi: client"),
    ("vidi::", "vidi: public types"),
    ("boost::asio::", "Boost.Asio"),
    ("boost::beast::", "Boost.Beast"),
    ("boost::json::", "Boost.JSON"),
    ("boost::", "Boost: the rest"),
]


def without_arguments(name):
    """A C++ function's name without what stands in <> and ()."""
    kept, depth = [], 0
    for character in name.replace("(anonymous namespace)::", "").replace("operator()", "call"):
        if character in "<(":
            depth += 1
        elif character in ">)":
            depth -= 1
        elif depth == 0:
            kept.append(character)
    return "".join(kept)


def group_of_function(function):
    if function.startswith("_Z"):  # too long for Valgrind to demangle
        function = re.sub(r"\d+", "::", function)
    plain = without_arguments(function)
    for namespace, group in NAMESPACES:
        if re.search(r"(^|\s|\*|&)" + namespace, plain):
            return group
    # A template of the standard library belongs to whoever it was made for.
    for namespace, group in NAMESPACES:
        if re.search(r"\b" + namespace, function):
            return group
    return "standard library headers" if "std::" in function else "the rest"


def group_of(object_file, source, function):
    library = object_file.rsplit("/", 1)[-1]
    if library.startswith("libc.so") and (ALLOCATOR.match(function) or "malloc/" in source):
        return "libc: malloc and free"
    if library.startswith("libc.so") and re.match(r"^_*(mem|str|wmem)\w*", function):
        return "libc: memory and strings"
    for prefix, group in LIBRARIES:
        if library.startswith(prefix):
            return group
    layer = re.search(r"/lib/(model|protocol|transport|pool|client)/", source)
    if layer:
        return "vidi: " + layer[1]
    for pattern, group in FILES:
        if re.search(pattern, source):
            return group
    return group_of_function(function)


class Profile:
    """The costs in a file of Callgrind's format, as its manual describes it."""

    def __init__(self, path):
        self.own = collections.Counter()  # by object, source file and function
        self.with_callees = collections.Counter()  # by object and function
        self.allocations = collections.Counter()  # by the callers, the innermost first
        names = {}
        now = {"ob": "", "fl": "", "fn": ""}
        source = ""
        called = False
        callee = ""

        def expand(kind, text):
            number, _, name = text.partition(" ")
            if name:
                names[kind, number] = name
            return names[kind, number]

        with open(path, encoding="utf-8") as file:
            for line in file:
                line = line.rstrip("\n")
                record = re.match(r"^(c?)(ob|fl|fi|fe|fn)=(.*)$", line)
                if record:
                    of_callee, key, text = record.groups()
                    kind = {"ob": "ob", "fn": "fn"}.get(key, "fl")
                    name = expand(kind, text)
                    if of_callee:
                        callee = name if kind == "fn" else callee
                    elif kind == "fl":
                        source = name
                    else:
                        now[key] = ALLOCATION.sub(r"\1", name)
                elif line.startswith("calls="):
                    called = True
                    if ALLOCATION.match(callee):
                        callers = tuple(callee.split("'")[1:])
                        self.allocations[callers] += int(line[6:].split()[0])
                elif re.match(r"^[+\-*\d]", line):
                    cost = int(line.split()[1]) if " " in line else 0
                    if not called:
                        self.own[now["ob"], source, now["fn"]] += cost
                    self.with_callees[now["ob"], now["fn"]] += cost
                    called = False

    def total(self):
        return sum(self.own.values())


def print_table(title, costs, total, requests, rows=None):
    print(f"\n{title}\n")
    for name, cost in costs.most_common(rows):
        print(f"{cost / requests:12,.0f} {100 * cost / total:6.2f} %  {name}")


def print_allocations(profile, requests):
    print("\nAllocations by who asked for them\n")
    counts = collections.Counter()
    for callers, count in profile.allocations.items():
        counts[plain_names(callers)] += count
    for name, count in counts.most_common():
        print(f"{count / requests:12,.2f}  {name}")


def short(name):
    return name if len(name) <= 150 else name[:147] + "..."


def plain_names(callers):
    names = []
    for caller in callers:
        name = re.sub(r"\s*(\[.*?\]|\bconst\b)", "", without_arguments(caller))
        name = name.rsplit("::_Z", 1)[0].split(" ")[-1]
        if not re.match(r"(std|boost::json::detail|boost::asio::detail|__gnu_cxx)::", name):
            names.append(name[:70])
    return " < ".join(names[:4])


def main():
    profile, requests = Profile(sys.argv[1]), int(sys.argv[2])
    total = profile.total()
    groups, functions = collections.Counter(), collections.Counter()
    inclusive = collections.Counter()
    for (object_file, source, function), cost in profile.own.items():
        groups[group_of(object_file, source, function)] += cost
        functions[f"{object_file.rsplit('/', 1)[-1]}: {short(function)}"] += cost
    for (object_file, function), cost in profile.with_callees.items():
        if not function.startswith("0x"):
            inclusive[short(function)] += cost

    print(f"{total / requests:,.0f} instructions per request")
    print_table("By whose source they are", groups, total, requests)
    coarse = collections.Counter()
    for group, cost in groups.items():
        coarse[group.split(":")[0]] += cost
    print_table("The same, coarser", coarse, total, requests)
    print_table("By function, without what it calls", functions, total, requests, 60)
    print_table("By function, with what it calls", inclusive, total, requests, 120)
    print_allocations(profile, requests)


if __name__ == "__main__":
    main()
