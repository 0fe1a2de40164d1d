"""Filters for our sentences, figures and dates; every template has them."""

from __future__ import annotations

from django.template import Library

from mindset.web import words
from mindset.web.fields import field_id
from mindset.web.remedies import on_page, settles

register = Library()
register.filter("say", words.say)
register.filter("say_stored", words.say_stored)
register.filter("count", words.count)
register.filter("rows", words.rows)
register.filter("when", words.when)
register.filter("day", words.day)
register.filter("money", words.money)
register.filter("exempt", words.exempt)
register.filter("field_id", field_id)
register.filter("on_page", on_page)
register.filter("settled_by_reading", settles)
