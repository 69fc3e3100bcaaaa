"""Lists of pages as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.commands.reviewing.rearranging import page_numbers
from schemas.errors import InputError


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("7", (7,)), ("12-15,25", (12, 13, 14, 15, 25)), (" 3 – 4 , 4,1", (1, 3, 4))],
)
def test_pages_are_read(text, numbers):
    assert page_numbers(text) == numbers


@pytest.mark.parametrize(
    "text", ["", ",", "0", "3-", "-3", "5-4", "1-9999999", "a", "1;2", "100001"]
)
def test_what_is_no_list_is_refused(text):
    with pytest.raises(InputError) as caught:
        page_numbers(text)
    assert caught.value.code == "pages-wrong"


@given(st.text(max_size=30))
def test_any_text_is_pages_in_order_or_refused(text):
    try:
        numbers = page_numbers(text)
    except InputError:
        return
    assert numbers
    assert list(numbers) == sorted(set(numbers))
    assert numbers[0] > 0
