"""The fields of a form by their path in the body of ``POST /items``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.gui.form.message_choice import MessageChoice
    from desktop.gui.form.number_field import NumberField
    from desktop.gui.widgets.field import Field
    from desktop.gui.widgets.moments.moment import MomentField


class FormSnapshot(TypedDict):
    """The input of the form as plain data; ``number`` is empty unless typed by hand."""

    number: str
    values: dict[str, str]
    tasks: list[str]
    template: NotRequired[str]
    send_at: NotRequired[str]


class FormFields:
    """The number, the fields of every item, the fields of the chosen template, and the time."""

    def __init__(
        self,
        number: NumberField,
        fixed: Mapping[str, Field],
        message: MessageChoice,
        send_at: MomentField,
    ) -> None:
        self._number = number
        self._fixed = fixed
        self._message = message
        self._send_at = send_at

    def by_path(self) -> dict[str, Field]:
        """Return the text fields by path, those of the template last."""
        return {**self._fixed, **self._message.fields}

    def values(self) -> dict[str, str]:
        """Return the typed texts by path."""
        return {path: field.text() for path, field in self.by_path().items()}

    def show(self, values: Mapping[str, str]) -> None:
        """Show these texts; a field without a text is emptied."""
        for path, field in self.by_path().items():
            field.set_text(values.get(path, ""))

    def at(self, path: str) -> Field | MomentField | None:
        """Find the field for the path of an error, or the first field inside that path."""
        if path in {"item_id", "number"}:
            return self._number
        if path == "run_at":
            return self._send_at
        fields = self.by_path()
        inside = (field for place, field in fields.items() if place.startswith(f"{path}."))
        return fields.get(path) or next(inside, None)

    def check(self) -> bool:
        """Check every field, show the errors, and return whether there are none."""
        right = [field.check() for field in (self._number, *self.by_path().values())]
        return all([*right, self._send_at.check()])

    def check_previewed(self) -> bool:
        """Check the fields that a preview needs; return whether they are valid.

        A number that is taken does not prevent a preview.
        """
        right = [field.check() for field in self._previewed()]
        self._number.check()
        return all(right)

    def problem(self) -> str:
        """Return the error that prevents a preview, or an empty text, without showing it."""
        for field in self._previewed():
            problem = field.problem()
            if problem is not None:
                return f"{field.label.text()}: {problem}"
        return ""

    def first_wrong(self) -> Field | MomentField | None:
        """Return the first field that shows an error."""
        fields = (self._number, *self.by_path().values())
        wrong: list[Field | MomentField] = [field for field in fields if field.error]
        if self._send_at.error:
            wrong.append(self._send_at)
        return wrong[0] if wrong else None

    def _previewed(self) -> list[Field]:
        number = [] if self._number.is_taken else [self._number]
        return [*number, *self.by_path().values()]
