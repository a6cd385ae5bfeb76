"""Phone numbers as a supervisor of an outsourcer may see them: never whole."""

HIDDEN = "****"
_SHOWN_END = 4
_SHOWN_START = 6
_SHORT = 8


def mask_number(number: str) -> str:
    """Hide four digits or more of a number: `+8613912341234` becomes `+86139****1234`.

    A short number shows its last two only; what is no number at all is hidden whole.
    """
    if not number:
        return ""
    if not number.lstrip("+").isdigit():
        return HIDDEN
    if len(number) <= _SHORT:
        return HIDDEN + number[-2:]
    start = min(_SHOWN_START, len(number) - len(HIDDEN) - _SHOWN_END)
    return number[:start] + HIDDEN + number[-_SHOWN_END:]
