"""Filters and pages of the lists: their state stands in the address, so that a view can be kept and sent."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from warehouse.dashboard.reading import PER_PAGE


def _first_page() -> None:
    """Another filter means another list: begin at its first page."""
    if "page" in st.session_state:
        st.session_state["page"] = 1


def words(label: str, key: str, **more: Any) -> str:
    """A field for words to look for."""
    return st.text_input(label, key=key, bind="query-params", on_change=_first_page, **more) or ""


def several(label: str, key: str, options: Sequence[str], names: Mapping[str, str] | None = None) -> list[str]:
    """Some of a few options; none chosen means all."""
    chosen: list[str] = st.multiselect(
        label,
        options,
        key=key,
        bind="query-params",
        on_change=_first_page,
        placeholder="any",
        format_func=lambda value: (names or {}).get(value) or value.replace("_", " "),
    )
    return chosen


def one(label: str, key: str, options: Sequence[str], names: Mapping[str, str] | None = None) -> str:
    """One of a few options; the first unless another is chosen."""
    chosen: str = st.selectbox(
        label,
        options,
        key=key,
        bind="query-params",
        on_change=_first_page,
        format_func=lambda value: (names or {}).get(value) or value.replace("_", " "),
    )
    return chosen


def name(label: str, key: str, options: Sequence[str], placeholder: str) -> str:
    """A name out of many: the most frequent to choose from, any other to type."""
    chosen: str | None = st.selectbox(
        label,
        options,
        index=None,
        key=key,
        bind="query-params",
        on_change=_first_page,
        placeholder=placeholder,
        accept_new_options=True,
    )
    return chosen or ""


def pages(total: int, noun: str) -> int:
    """How many there are, and a choice of page when they are many; returns how many rows to skip."""
    n_pages = max(1, -(-total // PER_PAGE))
    st.caption(f"{total:,} {noun}" + (f", {PER_PAGE} a page" if n_pages > 1 else ""))
    if n_pages == 1:
        return 0
    page: int = st.pagination(n_pages, key="page", bind="query-params")
    return (min(page, n_pages) - 1) * PER_PAGE
