"""How handing a message over may end, other than well. Words are codes, never a person's."""


class Away(Exception):  # noqa: N818 - what happened
    """The channel takes nothing now: nothing was handed over, and the message pays nothing."""


class Unsure(Exception):  # noqa: N818
    """It may have been handed over, or may be in a moment: to be tried again under the same key."""


class Refused(Exception):  # noqa: N818
    """This message was not taken; `for_good`: its address never takes any."""

    def __init__(self, code: str, *, for_good: bool = False) -> None:
        super().__init__(code)
        self.for_good = for_good
