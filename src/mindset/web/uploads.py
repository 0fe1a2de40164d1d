"""Files as they arrive: streamed to a temporary file, within a limit, and gone when they have been read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_

TOO_LARGE = error_kind(
    "upload-too-large",
    what=N_("The file is larger than {limit} MB."),
    remedy=N_("Compress it with gzip or ZIP, or read it with the command line, which has no such limit."),
)

_REFUSED = "_mindset_upload_refused"
_MEGABYTE = 1024 * 1024


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes an upload to disk; past the limit, declared or met, the rest is read and thrown away.

    Reading on lets the browser finish, so that the person sees a sentence instead of a broken
    connection.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the temporary file, unless the request says beforehand that it is too large."""
        declared = int(self.request.META.get("CONTENT_LENGTH") or 0) if self.request else 0
        if declared > settings.MINDSET_UPLOAD_LIMIT + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            self._refuse()
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a piece; stop at the first one that goes past the limit."""
        if start + len(raw_data) > settings.MINDSET_UPLOAD_LIMIT:
            self._refuse()
            raise SkipFile
        super().receive_data_chunk(raw_data, start)
        return None

    def _refuse(self) -> None:
        setattr(self.request, _REFUSED, True)


def refused(request: HttpRequest | None) -> bool:
    """Whether the request carried more than may be uploaded."""
    return getattr(request, _REFUSED, False)


def check_size(request: HttpRequest) -> None:
    """Read the request's files, and raise the plain error for one that is too large."""
    _ = request.FILES  # parsed now, if nothing has asked for them before
    if refused(request):
        raise TOO_LARGE(field="file", limit=settings.MINDSET_UPLOAD_LIMIT // _MEGABYTE)
