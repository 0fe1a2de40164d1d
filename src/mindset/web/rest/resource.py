"""A resource, declared once: a function that finds its records for a person, whose arguments are its filters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Final, get_type_hints

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field, create_model

from mindset.analysis.parameters import Parameters
from mindset.analysis.text import N_, Text
from mindset.ledger.acts.declare import NAMES, NO_RECORD
from mindset.ledger.acts.words import MaybeLine
from mindset.ledger.people.models import Person
from mindset.web.rest.given import fit
from mindset.web.who import member

_MOST: Final = 200
_FARTHEST: Final = 2**31 - 1

Find = Callable[..., QuerySet[Any]]
Load = Callable[[QuerySet[Any]], QuerySet[Any]]

Since = Annotated[date | None, Field(title=N_("Since"), description=N_("Only those of this day or later."))]
OfService = Annotated[
    MaybeLine, Field(title=N_("Service"), description=N_("Only those about the service with this id."))
]
OfChange = Annotated[MaybeLine, Field(title=N_("Change"), description=N_("Only those about the change with this id."))]
OfDecision = Annotated[
    MaybeLine, Field(title=N_("Decision"), description=N_("Only those about the decision with this id."))
]


class Page(Schema):
    """A part of a long list."""

    total: Annotated[int, Field(description="How many there are in all.")]
    next: Annotated[str | None, Field(description="The address of the part that follows, if any does.")]


def _page(
    *,
    limit: Annotated[
        int, Field(ge=1, le=_MOST, title=N_("How many"), description=N_("At most so many at a time."))
    ] = 50,
    offset: Annotated[
        int,
        Field(ge=0, le=_FARTHEST, title=N_("From where"), description=N_("How many to leave out at the beginning.")),
    ] = 0,
) -> None:
    """The arguments that every list has."""


@dataclass(frozen=True)
class Resource:
    """Records of one kind under ``/api/v1/NAME``: in a list as ``brief``, one by one as ``whole``.

    ``find(person, **filters)`` gives those that the person may see; a public one is found for None.
    ``load`` reads along what only the whole shows.
    """

    name: str
    model: type[Model]
    brief: type[Schema]
    whole: type[Schema]
    find: Find
    filters: Parameters
    load: Load
    public: bool

    @property
    def one(self) -> str:
        """What one of them is called in names of operations: ``published_decision``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.whole.__name__).lower()

    @property
    def page(self) -> type[Page]:
        """The schema of a part of the list."""
        listed: Any = list[self.brief]  # type: ignore[name-defined]
        return create_model(f"{self.whole.__name__}Page", __base__=Page, items=(listed, ...))


RESOURCES: Final[dict[str, Resource]] = {}


def resource(
    name: str,
    model: type[Model],
    whole: type[Schema],
    *,
    brief: type[Schema] | None = None,
    load: Load = QuerySet.all,
    public: bool = False,
) -> Callable[[Find], Find]:
    """Declare the decorated function as what finds the records of the resource ``name``."""

    def declare(find: Find) -> Find:
        hints = {**get_type_hints(find, include_extras=True), **get_type_hints(_page, include_extras=True)}
        _person, *arguments = inspect.signature(find).parameters.values()
        filters = Parameters.of(find, (*arguments, *inspect.signature(_page).parameters.values()), hints)
        RESOURCES[name] = Resource(name, model, brief or whole, whole, find, filters, load, public)
        return find

    return declare


def resource_of(model: type[Model]) -> Resource:
    """Where members read records of ``model``."""
    return next(item for item in RESOURCES.values() if item.model is model and not item.public)


def part(of: Resource, request: HttpRequest) -> Mapping[str, Any]:
    """The part of the list that the query asks for, as :class:`Page` has it."""
    asked = of.filters.validate(fit(request.GET.dict()))
    limit, offset = asked.pop("limit"), asked.pop("offset")
    found = of.find(_who(of, request), **asked)
    total, end = found.count(), offset + limit
    query = request.GET.copy()
    query["offset"] = str(end)
    following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}") if end < total else None
    return {"items": list(found[offset:end]), "total": total, "next": following}


def one(of: Resource, request: HttpRequest, key: str) -> Any:
    """The record with the id ``key``; a plain error where there is none that the person may see."""
    found = seen(of, _who(of, request), key)
    if found is None:
        raise NO_RECORD(kind=Text(NAMES.get(of.model.__name__, of.model.__name__)), id=key)
    return found


def seen(of: Resource, person: Person | None, key: str) -> Any:
    """The whole record with the id ``key``; None where there is none that the person may see."""
    return of.load(of.find(person)).filter(pk=key).first()


def only(**wanted: object) -> Q:
    """The conditions of those filters that were given."""
    return Q(**{name: value for name, value in wanted.items() if value not in (None, "")})


def midnight(day: date | None) -> datetime | None:
    """When the day begins, in the time of the place; None where none was given."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _who(of: Resource, request: HttpRequest) -> Person | None:
    return None if of.public else member(request)
