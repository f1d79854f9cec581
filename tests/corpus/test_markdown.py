"""Markdown to plain text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.loaders.markdown import parse_markdown, render

ARTICLE = """\
# The *zone* in `2021`

It [grew](https://example.org "a title") by **10.7** percent,
set on two lines.\\
After a hard break: <b>bold</b> &amp; done<br>here.

- one
- two
  1. inner
  2. inner two

3. third
4. fourth

> A quoted
> thought.

| Zone   | Output |
|--------|-------:|
| Xiamen | *19.6* |

```python
x = "**kept**"

y = 2
```

![A chart](chart.png)

<div class="box"><p>Raw</p>
<script>var hidden = 1;</script></div>

---

Last ~~words~~.
"""


def test_no_mark_up_is_left_and_every_block_stands_by_itself():
    assert render(ARTICLE).split("\n\n") == [
        "The zone in 2021",
        "It grew by 10.7 percent, set on two lines.\nAfter a hard break: bold & done\nhere.",
        "• one\n• two\n1. inner\n2. inner two",
        "3. third\n4. fourth",
        "A quoted thought.",
        "Xiamen, Output: 19.6.",
        'x = "**kept**"',
        "y = 2",
        "A chart",
        "Raw",
        "Last words.",
    ]


def test_the_head_becomes_metadata():
    extract = parse_markdown("---\ntitle: T\ndate: 2023-02-14\nurl: https://example.org/a\n---\n# Heading\n\nText.")
    assert extract.text == "Heading\n\nText."
    assert (extract.title, extract.published, extract.url) == ("T", date(2023, 2, 14), "https://example.org/a")


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
def test_any_text_can_be_rendered(text):
    render(text)


@pytest.mark.parametrize(
    "unit", ["[", "[a](", "*a **b ", "<!--", "![", "a**", "<![CDATA[", "<?", "> ", "- ", "`", "~", "|", "a\n=\n"]
)
@pytest.mark.timeout(30)
def test_hostile_markdown_takes_seconds_at_most(unit):
    render(unit * 5_000)
