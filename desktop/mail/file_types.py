"""The types of attached files by the ends of their names (IANA's registry), for each system alike.

Computers know different ones, and where a type is missing, no program is offered for the file.
"""

from __future__ import annotations

from typing import Final

_BINARY: Final = "application/octet-stream"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
_TYPES: Final = f"""
application/epub+zip: epub
application/gpx+xml: gpx
application/json: json
application/msword: doc dot
application/pdf: pdf
application/pgp-signature: sig
application/postscript: eps ps
application/rtf: rtf
application/vnd.apple.numbers: numbers
application/vnd.apple.pages: pages
application/vnd.apple.pkpass: pkpass
application/vnd.apple.pkpasses: pkpasses
application/vnd.google-earth.kml+xml: kml
application/vnd.google-earth.kmz: kmz
application/vnd.ms-excel: xls xlt
application/vnd.ms-excel.sheet.macroEnabled.12: xlsm
application/vnd.ms-outlook: msg
application/vnd.ms-powerpoint: pot pps ppt
application/vnd.ms-project: mpp
application/vnd.ms-word.document.macroEnabled.12: docm
application/vnd.visio: vsd
{_OPEN}.graphics: odg
{_OPEN}.presentation: odp
{_OPEN}.spreadsheet: ods
{_OPEN}.text: odt
{_OPEN}.text-template: ott
{_OFFICE}.presentationml.presentation: pptx
{_OFFICE}.presentationml.slideshow: ppsx
{_OFFICE}.spreadsheetml.sheet: xlsx
{_OFFICE}.spreadsheetml.template: xltx
{_OFFICE}.wordprocessingml.document: docx
{_OFFICE}.wordprocessingml.template: dotx
application/xml: xml xsd xsl
application/zip: zip
audio/mp4: m4a
audio/mpeg: mp3
audio/ogg: oga ogg opus
audio/wav: wav
font/otf: otf
font/ttf: ttf
image/avif: avif
image/bmp: bmp
image/gif: gif
image/heic: heic
image/heif: heif
image/jpeg: jpe jpeg jpg
image/png: png
image/svg+xml: svg
image/tiff: tif tiff
image/vnd.microsoft.icon: ico
image/webp: webp
text/calendar: ics ifb
text/css: css
text/csv: csv
text/html: htm html
text/markdown: markdown md
text/plain: log text txt
text/tab-separated-values: tsv
text/vcard: vcard vcf
video/mp4: m4v mp4
video/mpeg: mpeg mpg
video/quicktime: mov
video/webm: webm
video/x-msvideo: avi
"""
_BY_SUFFIX: Final = {
    suffix: kind
    for kind, _, suffixes in (line.partition(": ") for line in _TYPES.split("\n"))
    for suffix in suffixes.split()
}


def type_of(name: str) -> str:
    """Return the MIME type of a file by its name; plain bytes if it is not known."""
    _, dot, suffix = name.rpartition(".")
    return _BY_SUFFIX.get(suffix.lower(), _BINARY) if dot else _BINARY
