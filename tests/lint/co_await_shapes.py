#!/usr/bin/env python3
"""Shapes of a `co_await` expression that g++ 12 compiles into a double free, or not at all.

Its frames copy temporaries of some kinds without telling them: captures of a lambda, both arms of a conditional, braced lists and aggregates.
Write the operand in a statement of its own, or call a coroutine function with parameters by value.
"""
import re

import sources

CAPTURING_LAMBDA = re.compile(r"(?<![\w\])>])\s*\[[^\]\[]+\]\s*(\(|\{|mutable)")
COROUTINE_LAMBDA = re.compile(r"(?<![\w\])>])\[[^\]\[]+\]\s*\([^()]*\)\s*(mutable\s*)?->\s*[\w:]*\b(awaitable|task)\s*<")
# Own no memory: an id, and an aggregate of literals.
HARMLESS_BRACES = re.compile(r"\b\w+_id\s*\{[^{}]*\}|\b\w+\s*\{(true|false|\d+|[,\s])+\}")
BLOCK_WORDS = {"else", "do", "try", "const", "noexcept", "override", "final", "mutable"}


def expression_after(code, start):
    """From `co_await` to the end of its full expression: a `;`, or the bracket that closes around it."""
    depth = 0
    for i in range(start, len(code)):
        c = code[i]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth < 0:
                return code[start:i]
        elif c == ";" and depth == 0:
            return code[start:i]
    return code[start:]


def before(code, start):
    """Back to the beginning of the statement."""
    begin = max(code.rfind(c, 0, start) for c in ";{}")
    return begin, code[begin + 1:start]


def problems_of(code):
    code = sources.without_comments(code)
    found = []
    for match in COROUTINE_LAMBDA.finditer(code):
        found.append((match.start(), "a capturing lambda is a coroutine: its captures die before it does"))
    for match in re.finditer(r"(?<!operator )\bco_await\b", code):
        rest = expression_after(code, match.end())
        begin, lead = before(code, match.start())
        if CAPTURING_LAMBDA.search(" " + rest):
            found.append((match.start(), "a capturing lambda inside the expression"))
        elif "?" in rest or "?" in lead:
            found.append((match.start(), "a conditional inside the expression"))
        elif "{" in HARMLESS_BRACES.sub("", rest):
            found.append((match.start(), "braces inside the expression: name the value first"))
        if begin >= 0 and code[begin] == "{":
            word = re.search(r"(\w+)\s*$", code[:begin])
            if word and word.group(1) not in BLOCK_WORDS and not re.search(r"\b(struct|class|namespace)\s+\w+\s*$", code[:begin]):
                found.append((match.start(), "braces around the expression: name its value first"))
    return found


BAD = [
    "auto x = co_await co_spawn(ex, [s]() { return 1; }, use);",
    "co_await async_initiate<void()>([&](auto handler) { f(handler); }, token);",
    'auto x = c ? co_await a("x" + s) : co_await b("y" + s);',
    "co_await f(c ? a : b);",
    'co_await post(p, {{"k", "v"}});',
    "for (auto x : co_await all({1, 2})) use(x);",
    "co_await request{std::move(text)};",
    "co_await save(principal{0, name});",
    "co_await run(job{});",
    "auto r = row{co_await id(), 2};",
    "auto work = [this](int n) -> awaitable<void> { co_await f(n); };",
    "auto work = [&]() mutable -> boost::asio::awaitable<result<int>> { co_return 1; };",
]
GOOD = [
    "auto x = co_await f(std::move(text)); if (!x) co_return with_context(x.error(), \"no {braces}?\");",
    "if (auto x = co_await f(); !x) { co_return; }",
    "while (co_await more()) { work(); }",
    "auto [a, b] = co_await both();",
    "co_await handlers[i](request);",
    "auto x = co_await find(lead_id{*id});",
    "co_await ready(claim_filter{true, false}, 3);",
    "awaiter operator co_await() const { return awaiter(frame_); }",
    "void f() { co_await g(); }",
    "try { co_await g(); } catch (...) {}",
    "awaitable<void> f() { co_await g(); }",
    "else { co_await g(); }",
    "auto work = [s] { return s.size(); }; co_await run(work);",
]
for sample in BAD:
    assert problems_of(sample), f"does not find: {sample}"
for sample in GOOD:
    assert not problems_of(sample), f"finds what is not there: {sample}"

problems, checked = [], 0
for path, text in sources.files("daemon", "sdk", "plugins", "client", "tests", suffixes=sources.CODE):
    checked += 1
    clean = sources.without_comments(text)
    for offset, why in problems_of(text):
        problems.append(f"{path}:{sources.line_of(clean, offset)}: co_await: {why}")
sources.finish(problems, checked)
