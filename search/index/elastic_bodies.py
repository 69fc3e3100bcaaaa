"""What Elasticsearch is sent: settings, mappings, a page as its document, a plan as its query."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.hits import IndexedPage
from search.index.answers import HIT_FIELDS, RawAnswer, RawHit, Rest, facet
from search.index.asked import Asked
from search.index.fields import DEEPEST, FACETS, FILTERS, GIVEN, GROUPS, INDEX_VERSION
from search.index.pages import StoredPage, stored_page
from search.index.scope import EVERYTHING, Bound
from search.plan import SETS, Condition, Group, Plan

Body = dict[str, Any]

_NUMBERS = ("page", "document_page")
_KEPT = {"type": "keyword", "index": False, "doc_values": False}
_COMPARED = {"type": "keyword", "doc_values": False}
_ORDERING = {"type": "long", "index": False}
_GROUPED = {f"is_{group}" for group in GROUPS if group}
_BUCKETS = 1000
_SAMPLE = 300
"""Every word of a page of the sample is looked up; with 2000 pages that takes half a second."""
_SHORT_PREFIX = 3
_DISTANCES = {"near1": 1, "near2": 2}

SETTINGS: Body = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "-1",
    "similarity": {"words": {"type": "BM25", "discount_overlaps": False}},
    "analysis": {
        "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": 1024}},
        "filter": {
            "every_key": {
                "type": "pattern_capture",
                "preserve_original": False,
                "patterns": ["([^|]+)"],
            }
        },
        "analyzer": {
            "words": {"type": "custom", "tokenizer": "spaces"},
            "keys": {"type": "custom", "tokenizer": "spaces", "filter": ["every_key"]},
        },
    },
}
MAPPINGS: Body = {
    "dynamic": "strict",
    "_meta": {"opis_version": INDEX_VERSION},
    "_source": {"includes": ["unit", *_NUMBERS, *GIVEN]},
    "properties": {
        **dict.fromkeys(("unit", *GIVEN), _KEPT),
        **{name: {"type": "integer", "index": False, "doc_values": False} for name in _NUMBERS},
        **{f"is_{name}": _COMPARED for name in FILTERS},
        **{name: {"type": "keyword"} for name in _GROUPED},
        **{f"by_{name}": {"type": "keyword", "index": False} for name in FACETS},
        **dict.fromkeys(SETS, _COMPARED),
        "title": {
            "type": "text",
            "analyzer": "words",
            "similarity": "words",
            "index_options": "docs",
        },
        **dict.fromkeys(("shelf", "day_up", "day_down"), _ORDERING),
        "word": {"type": "keyword"},
        "fold": {"type": "text", "analyzer": "words", "similarity": "words"},
        "key": {
            "type": "text",
            "analyzer": "keys",
            "search_analyzer": "words",
            "similarity": "words",
        },
    },
}


def ident(page: IndexedPage) -> str:
    """A page's id."""
    return f"{page.unit}.{page.page}"


def is_current(mapping: Mapping[str, Any]) -> bool:
    """Whether an index of this mapping was made by this version of the program."""
    meta = mapping.get("mappings", {}).get("_meta", {})
    return bool(meta.get("opis_version") == INDEX_VERSION)


def written(index: str, page: IndexedPage, *, require_alias: bool) -> Body:
    """What a bulk request is told of one page."""
    told = {"_index": index, "_id": ident(page), "require_alias": require_alias}
    return {**told, "_source": source(stored_page(page))}


def source(page: StoredPage) -> Body:
    """A page as the index takes it."""
    return {
        "unit": page.unit,
        "page": page.page,
        "document_page": page.document_page,
        **page.values,
        **{f"is_{name}": list(values) for name, values in page.filters.items()},
        **{f"by_{name}": list(values) for name, values in page.facets.items()},
        **{name: list(terms) for name, terms in page.sets.items()},
        "shelf": page.shelf,
        "day_up": page.day_up,
        "day_down": page.day_down,
        "word": list(page.words),
        "fold": " ".join(page.folds),
        "key": " ".join("|".join(every) for every in page.keys),
    }


def _constant(condition: Condition) -> Body:
    """A condition that scores its boost wherever it holds."""
    name, value = condition.field, condition.values[0]
    if condition.kind == "flat":
        query: Body = {"term": {name: value}}
    elif condition.kind == "prefix":
        query = {"prefix": {name: {"value": value, "rewrite": "constant_score"}}}
    else:
        near = {"value": value, "fuzziness": _DISTANCES[condition.kind]}
        query = {"fuzzy": {name: {**near, "transpositions": True, "rewrite": "constant_score"}}}
    return {"constant_score": {"filter": query, "boost": condition.boost}}


def _condition(condition: Condition) -> Body:
    if condition.kind != "exact":
        return _constant(condition)
    name, text = condition.field, " ".join(condition.values)
    if len(condition.values) > 1:
        return {"match_phrase": {name: {"query": text, "boost": condition.boost}}}
    return {"term": {name: {"value": text, "boost": condition.boost}}}


def group_query(conditions: Group) -> Body:
    """Pages for which any of the conditions holds."""
    return {"bool": {"should": [_condition(c) for c in conditions], "minimum_should_match": 1}}


def _within(grants: Sequence[Bound]) -> list[Body]:
    """What holds of pages that may be seen; nothing to ask where all may."""
    if tuple(grants) == EVERYTHING:
        return []
    if not grants:
        return [{"match_none": {}}]
    bounds = [
        {"bool": {"filter": [{"terms": {f"is_{name}": list(values)}} for name, values in bound]}}
        for bound in grants
    ]
    return [{"bool": {"should": bounds, "minimum_should_match": 1}}]


def counted(query: Body, grants: Sequence[Bound]) -> Body:
    """A search that counts the pages that may be seen."""
    within = {"bool": {"filter": [query, *_within(grants)]}}
    return {"query": within, "size": 0, "track_total_hits": True}


def plan_query(wanted: Plan, grants: Sequence[Bound]) -> Body:
    """The query of a plan, among the pages that may be seen."""
    must = [group_query(group) for group in wanted.groups]
    if wanted.least:
        must = [{"bool": {"should": must, "minimum_should_match": wanted.least}}]
    filters: list[Body] = [{"term": {f"is_{field}": value}} for field, value in wanted.filters]
    within = [group_query(group) for group in wanted.within]
    return {
        "bool": {
            "must": must,
            "filter": [*filters, *within, *_within(grants)],
            "must_not": [group_query(group) for group in wanted.excluded],
            "should": [group_query(group) for group in wanted.optional],
        }
    }


def search_body(wanted: Plan, grants: Sequence[Bound], asked: Asked) -> Body:
    """The search for a plan's pages."""
    size = max(0, min(asked.limit, DEEPEST - asked.offset))
    order = asked.order(wanted)
    body: Body = {
        "query": plan_query(wanted, grants),
        "from": min(asked.offset, DEEPEST - size),
        "size": size,
        "sort": [{order: "asc"} if order else {"_score": "desc"}, {"shelf": "asc"}],
        "track_total_hits": True,
        "aggs": {
            name: {"terms": {"field": f"by_{name}", "size": _BUCKETS}} for name in asked.facets
        },
    }
    if asked.group:
        field = f"is_{asked.group}"
        body["collapse"] = {"field": field}
        body["aggs"]["every_group"] = {"terms": {"field": field, "size": DEEPEST}}
        body["aggs"]["groups"] = {"stats_bucket": {"buckets_path": "every_group._count"}}
    return body


def sizes_body(wanted: Plan, grants: Sequence[Bound], group: str, shown: Sequence[str]) -> Body:
    """The search for how many pages of the groups that are shown answer."""
    field = f"is_{group}"
    among = {"bool": {"filter": [plan_query(wanted, grants), {"terms": {field: list(shown)}}]}}
    sizes = {"terms": {"field": field, "size": max(1, len(shown)), "include": list(shown)}}
    return {"query": among, "size": 0, "aggs": {"sizes": sizes}}


def terms_body(prefix: str, limit: int, grants: Sequence[Bound]) -> Body:
    """The search for words that begin so, in a sample of the pages that may be seen."""
    begins = [{"prefix": {"word": {"value": prefix}}}] if len(prefix) >= _SHORT_PREFIX else []
    wanted = "".join(sign for sign in prefix if sign.isalnum()) + ".*"
    words = {"field": "word", "size": limit, "include": wanted, "execution_hint": "map"}
    return {
        "query": {"bool": {"filter": [*begins, *_within(grants)]}},
        "size": 0,
        "terminate_after": _SAMPLE,
        "track_total_hits": False,
        "aggs": {"words": {"terms": words}},
    }


def words_body(words: Sequence[str], grants: Sequence[Bound]) -> Body:
    """The search for how many of the pages that may be seen have each word."""
    filters = {word: {"term": {"word": word}} for word in words}
    return {
        "query": {"bool": {"filter": [{"match_all": {}}, *_within(grants)]}},
        "size": 0,
        "track_total_hits": False,
        "aggs": {"words": {"filters": {"filters": filters}}},
    }


def total(answer: Mapping[str, Any]) -> int:
    """How many pages answered."""
    return int(answer["hits"]["total"]["value"])


def _hit(found: Mapping[str, Any], sizes: Mapping[str, int], group: str) -> RawHit:
    known = {name: found["_source"].get(name, "") for name in HIT_FIELDS}
    size = sizes.get(known[group].lower(), 0) if group else 0
    return RawHit(**known, score=float(found["_score"] or 0.0), pages_in_group=size)


def shown_groups(found: Mapping[str, Any], group: str) -> tuple[str, ...]:
    """The documents or units whose best pages an answer shows."""
    return tuple(hit["_source"].get(group, "").lower() for hit in found["hits"]["hits"])


def bucket_counts(aggregation: Mapping[str, Any]) -> dict[str, int]:
    """A value's pages, of each bucket."""
    return {bucket["key"]: bucket["doc_count"] for bucket in aggregation["buckets"]}


def raw_answer(found: Mapping[str, Any], asked: Asked, sizes: Mapping[str, int]) -> RawAnswer:
    """What Elasticsearch answered; `sizes` are the pages of the groups that are shown."""
    counts = found.get("aggregations", {})
    facets = {
        name: facet(bucket_counts(counts[name]).items(), counts[name]["sum_other_doc_count"])
        for name in asked.facets
    }
    hits = tuple(_hit(hit, sizes, asked.group) for hit in found["hits"]["hits"])
    groups = int(counts["groups"]["count"]) if asked.group else 0
    shown = {name: values for name, (values, _) in facets.items()}
    rest: dict[str, Rest] = {name: left for name, (_, left) in facets.items()}
    return RawAnswer(total(found), hits, shown, groups, rest)
