"""Elements: everything that is no markup is escaped."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from elements import parsed
from pytest_xbl.pages.markup import (
    block,
    coded,
    column,
    counted,
    element,
    fold,
    joined,
    link,
    quiet,
    raw,
    seen,
    spoken,
    table,
)


@pytest.mark.parametrize(
    ("made", "html"),
    [
        (element("p"), "<p></p>"),
        (element("p", "a < b", None, Markup("<i>x</i>"), 0), "<p>a &lt; b<i>x</i>0</p>"),
        (element("br"), "<br>"),
        (element("meta", name="a", http_equiv="b"), '<meta name="a" http-equiv="b">'),
        (element("p", class_="x", hidden=True, open=False, id=None), '<p class="x" hidden></p>'),
        (element("p", title="\"'<&"), '<p title="&#34;&#39;&lt;&amp;"></p>'),
        (joined(["<", Markup("<b>"), None]), "&lt;<b>"),
        (raw("\"<&>'"), "\"&lt;&amp;&gt;'"),
        (block("a\n<b>", class_="x"), '<pre class="x">a\n&lt;b&gt;</pre>'),
        (link("<x>", "#a&b"), '<a href="#a&amp;b">&lt;x&gt;</a>'),
        (link("<x>", ""), "&lt;x&gt;"),
        (fold("more", "a", "b", class_="c"), '<details class="c"><summary>more</summary>ab</details>'),
        (spoken("added "), '<span class="spoken">added </span>'),
        (quiet("none ", 1), '<p class="quiet">none 1</p>'),
        (column("time", "t"), '<th scope="col" class="t">time</th>'),
        (coded("`a<b` is `c`, not"), "<code>a&lt;b</code> is <code>c</code>, not"),
        (
            table("All", ["#", column("time", "t")], [Markup("<tr></tr>")], class_="x"),
            (
                '<table class="x"><caption class="spoken">All</caption>'
                '<thead><tr><th scope="col">#</th><th scope="col" class="t">time</th></tr></thead>'
                "<tbody><tr></tr></tbody></table>"
            ),
        ),
    ],
)
def test_an_element_is_written_as_html(made: Markup, html: str) -> None:
    """Texts are escaped, markup is not, and nothing stands for None (SEEN-8)."""
    assert str(made) == html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ü and 😀\n\tkept", "plain, ü and 😀\n\tkept"),
        ("nul \x00, bell \a, return \r", r"nul \x00, bell \x07, return \r"),
        ("half a sign \ud83d", r"half a sign \ud83d"),
        ("turned \u202egpj.exe", r"turned \u202egpj.exe"),
        ("\u061cmarked, \u200bunseen\u2028", r"\u061cmarked, \u200bunseen\u2028"),
        ("\u2066\u200f\x7f\x9b", r"\u2066\u200f\x7f\x9b"),
    ],
)
def test_invisible_characters_are_written_as_escapes(text: str, shown: str) -> None:
    """So that a page can be written, and shows what is there; in texts, attributes and blocks (SEEN-8)."""
    assert seen(text) == shown
    assert parsed(element("p", text, title=text)).one("p") == parsed(element("p", shown, title=shown)).one("p")
    assert block(text) == block(shown)


@settings(derandomize=True, deadline=None)
@given(st.text(), st.text())
def test_no_text_gets_out_of_its_element(text: str, value: str) -> None:
    """Whatever its author writes (SEEN-8)."""
    tree = parsed(joined([element("p", text, title=value), block(text), link(text, f"#{value}")]))
    assert [it.name for it in tree.all()] == ["p", "pre", "a"]
    assert tree.one("p").raw == tree.one("pre").raw == tree.one("a").raw == seen(text)
    assert (tree.one("p").attributes["title"], tree.one("a").attributes["href"]) == (seen(value), f"#{seen(value)}")
    joined([text]).encode()


@pytest.mark.parametrize(("number", "text"), [(0, "0 things"), (1, "1 thing"), (1234, "1,234 things")])
def test_things_are_counted(number: int, text: str) -> None:
    """One is singular (SEEN-8)."""
    assert counted(number, "thing") == text
